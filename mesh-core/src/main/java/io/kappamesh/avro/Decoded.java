package io.kappamesh.avro;

import java.util.function.BiFunction;
import java.util.function.Function;

/** What became of the bytes of one key or value. */
public sealed interface Decoded<T> {

    /** One of the three, as {@link #fold} tells them apart. */
    <R> R fold(
            Function<? super T, ? extends R> value,
            Function<String, ? extends R> refused,
            BiFunction<Integer, Exception, ? extends R> waiting);

    /** The bytes are what they claim to be. */
    record Value<T>(T value) implements Decoded<T> {
        @Override
        public <R> R fold(
                Function<? super T, ? extends R> value,
                Function<String, ? extends R> refused,
                BiFunction<Integer, Exception, ? extends R> waiting) {
            return value.apply(this.value);
        }
    }

    /** The bytes say that their key is deleted. Avro has no such values; other formats do. */
    record Deleted<T>() implements Decoded<T> {
        @Override
        public <R> R fold(
                Function<? super T, ? extends R> value,
                Function<String, ? extends R> refused,
                BiFunction<Integer, Exception, ? extends R> waiting) {
            return refused.apply("deletes its key, and a value is expected");
        }
    }

    /** The bytes say nothing that belongs to the port. Avro has no such values; other formats do. */
    record Ignored<T>() implements Decoded<T> {
        @Override
        public <R> R fold(
                Function<? super T, ? extends R> value,
                Function<String, ? extends R> refused,
                BiFunction<Integer, Exception, ? extends R> waiting) {
            return refused.apply("says nothing that belongs to the port, and a value is expected");
        }
    }

    /**
     * The bytes are wrong, and will be on every further attempt: a dead letter.
     *
     * @param reason in plain words, without any value of the record
     */
    record Refused<T>(String reason) implements Decoded<T> {
        @Override
        public <R> R fold(
                Function<? super T, ? extends R> value,
                Function<String, ? extends R> refused,
                BiFunction<Integer, Exception, ? extends R> waiting) {
            return refused.apply(reason);
        }
    }

    /**
     * Nobody can tell yet: the registry does not answer, and this schema id was never seen before. Ask again later.
     *
     * @param schemaId of the writer's schema
     * @param cause what came instead of an answer
     */
    record Waiting<T>(int schemaId, Exception cause) implements Decoded<T> {
        @Override
        public <R> R fold(
                Function<? super T, ? extends R> value,
                Function<String, ? extends R> refused,
                BiFunction<Integer, Exception, ? extends R> waiting) {
            return waiting.apply(schemaId, cause);
        }
    }
}
