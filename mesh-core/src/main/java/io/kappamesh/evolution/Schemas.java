package io.kappamesh.evolution;

import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.registry.SchemaFormats;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Schemas as they stand in descriptions. Stateless. */
final class Schemas {
    private Schemas() {}

    /** Empty = it is too large to stand there, or no schema. */
    static Optional<Schema> of(RecordDescription records) {
        try {
            return Optional.ofNullable(records.schema()).map(text -> SchemaFormats.parse(List.of(), text));
        } catch (AvroRuntimeException noSchema) {
            return Optional.empty();
        }
    }
}
