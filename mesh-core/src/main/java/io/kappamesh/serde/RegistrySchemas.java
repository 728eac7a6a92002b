package io.kappamesh.serde;

import io.kappamesh.format.WriterSchemas;
import io.kappamesh.registry.SchemaRegistry;
import java.util.Optional;
import org.apache.avro.Schema;

/** The schemas of a registry. Thread-safe. */
record RegistrySchemas(SchemaRegistry registry) implements WriterSchemas {

    @Override
    public Optional<Schema> find(int id) {
        return registry.lookup(id).fold(Optional::of, missing -> Optional.empty(), cause -> {
            throw new NoAnswerException(id, cause);
        });
    }
}
