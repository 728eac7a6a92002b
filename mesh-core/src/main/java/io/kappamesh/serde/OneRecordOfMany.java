package io.kappamesh.serde;

import io.kappamesh.avro.Decoded;
import io.kappamesh.format.WriterSchemas;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Values of one record in a topic that holds several; those of the others are ignored. Thread-safe. */
final class OneRecordOfMany<V> implements ValueBytes<V> {
    private final String name;
    private final WriterSchemas writers;
    private final ValueBytes<V> reader;
    private final Map<Integer, Boolean> meant = new ConcurrentHashMap<>();

    OneRecordOfMany(String name, WriterSchemas writers, ValueBytes<V> reader) {
        this.name = name;
        this.writers = writers;
        this.reader = reader;
    }

    @Override
    public Decoded<V> apply(byte[] bytes) {
        OptionalInt id = AvroDecoder.schemaId(bytes);
        try {
            return id.isPresent() && isOther(id.getAsInt()) ? new Decoded.Ignored<>() : reader.apply(bytes);
        } catch (WriterSchemas.NoAnswerException away) {
            return new Decoded.Waiting<>(away.id(), away);
        }
    }

    /** What no id stands for is for the reader to refuse. */
    private boolean isOther(int id) {
        @Nullable Boolean known = meant.get(id);
        if (known == null) {
            known = writers.find(id).map(Schema::getFullName).map(name::equals).orElse(null);
            if (known == null) {
                return false;
            }
            meant.put(id, known);
        }
        return !known;
    }
}
