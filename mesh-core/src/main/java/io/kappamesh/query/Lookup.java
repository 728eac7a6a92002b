package io.kappamesh.query;

import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The answer to a query for one key. An immutable value.
 *
 * @param <V> the values of the table
 */
public sealed interface Lookup<V> {

    /** One of the two. */
    <R> R fold(Function<Optional<V>, ? extends R> here, Function<HostInfo, ? extends R> elsewhere);

    /**
     * This process holds the key.
     *
     * @param row the committed row; empty = the table has no such key
     */
    record Here<V>(Optional<V> row) implements Lookup<V> {
        @Override
        public <R> R fold(Function<Optional<V>, ? extends R> here, Function<HostInfo, ? extends R> elsewhere) {
            return here.apply(row);
        }
    }

    /**
     * Another process holds the key: ask that one.
     *
     * @param server the {@code mesh.application.server} of that process
     */
    record Elsewhere<V>(HostInfo server) implements Lookup<V> {
        @Override
        public <R> R fold(Function<Optional<V>, ? extends R> here, Function<HostInfo, ? extends R> elsewhere) {
            return elsewhere.apply(server);
        }
    }
}
