package io.kappamesh.connect;

import io.kappamesh.format.WriterSchemas;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.serde.AvroDecoder;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.apache.avro.Schema;

/** What is made, once, of each schema that bytes in the Confluent wire format name. Thread-safe. */
final class BySchemaId<R> {
    private final WriterSchemas writers;
    private final Function<Schema, R> maker;
    private final ConcurrentMap<Integer, R> made = new ConcurrentHashMap<>();

    /** @param maker pure; what it makes is thread-safe */
    BySchemaId(WriterSchemas writers, Function<Schema, R> maker) {
        this.writers = writers;
        this.maker = maker;
    }

    /**
     * What belongs to the schema of these bytes.
     *
     * @throws WriterSchemas.NoAnswerException when nobody can tell yet
     */
    R of(byte[] bytes) throws MisfitException {
        OptionalInt id = AvroDecoder.schemaId(bytes);
        if (id.isEmpty()) {
            throw new MisfitException(
                    "is not in the Confluent wire format: does not begin with byte 0 and a schema id");
        }
        R known = made.get(id.getAsInt());
        return known == null ? first(id.getAsInt()) : known;
    }

    private R first(int id) throws MisfitException {
        Schema writer = writers.find(id)
                .orElseThrow(
                        () -> new MisfitException("names schema id " + id + ", which is none of Avro in the registry"));
        return made.computeIfAbsent(id, none -> maker.apply(writer));
    }
}
