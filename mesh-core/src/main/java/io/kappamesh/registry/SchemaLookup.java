package io.kappamesh.registry;

import java.util.function.Function;
import org.apache.avro.Schema;

/** What the registry knows about a schema id. */
public sealed interface SchemaLookup {

    /** One of the three, as {@link #fold} tells them apart. */
    <R> R fold(
            Function<Schema, ? extends R> found,
            Function<String, ? extends R> missing,
            Function<Exception, ? extends R> unreachable);

    /** The id stands for this Avro schema, forever. */
    record Found(Schema schema) implements SchemaLookup {
        @Override
        public <R> R fold(
                Function<Schema, ? extends R> found,
                Function<String, ? extends R> missing,
                Function<Exception, ? extends R> unreachable) {
            return found.apply(schema);
        }
    }

    /**
     * The registry answered, and there is no Avro schema of that id.
     *
     * @param reason in plain words: no such id, or one that is not Avro
     */
    record Missing(String reason) implements SchemaLookup {
        @Override
        public <R> R fold(
                Function<Schema, ? extends R> found,
                Function<String, ? extends R> missing,
                Function<Exception, ? extends R> unreachable) {
            return missing.apply(reason);
        }
    }

    /**
     * The registry gave no answer that can be relied on: not reached, too slow, in trouble, too busy, or it refuses our credentials.
     *
     * @param cause what came instead
     */
    record Unreachable(Exception cause) implements SchemaLookup {
        @Override
        public <R> R fold(
                Function<Schema, ? extends R> found,
                Function<String, ? extends R> missing,
                Function<Exception, ? extends R> unreachable) {
            return unreachable.apply(cause);
        }
    }
}
