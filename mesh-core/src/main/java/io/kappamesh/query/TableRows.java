package io.kappamesh.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Rows of a published table that this process holds, in the order of their keys' UTF-8 bytes. They are read while you iterate. To be closed:
 * an open one keeps files of the store. Not thread-safe.
 *
 * @param <V> the values of the table
 */
public final class TableRows<V> implements Iterator<KeyValue<String, V>>, AutoCloseable {
    private final List<KeyValueIterator<Bytes, byte[]>> partitions;
    private final PriorityQueue<KeyValueIterator<Bytes, byte[]>> next =
            new PriorityQueue<>(Comparator.comparing(KeyValueIterator::peekNextKey));
    private final Set<HostInfo> elsewhere;
    private final Function<KeyValue<Bytes, byte[]>, KeyValue<String, V>> decoded;
    private final Function<RuntimeException, TableNotReadyException> interrupted;

    /**
     * @param partitions the rows of each partition in the order of their keys
     * @param interrupted what is thrown when a store is closed meanwhile
     */
    TableRows(
            List<KeyValueIterator<Bytes, byte[]>> partitions,
            Set<HostInfo> elsewhere,
            Function<KeyValue<Bytes, byte[]>, KeyValue<String, V>> decoded,
            Function<RuntimeException, TableNotReadyException> interrupted) {
        this.partitions = new ArrayList<>(partitions);
        this.elsewhere = Set.copyOf(elsewhere);
        this.decoded = decoded;
        this.interrupted = interrupted;
        partitions.forEach(this::queue);
    }

    /** The processes that hold the other partitions, by their {@code mesh.application.server}; empty = these are all rows that there are. */
    public Set<HostInfo> elsewhere() {
        return elsewhere;
    }

    @Override
    public boolean hasNext() {
        return !next.isEmpty();
    }

    /**
     * The next row.
     *
     * @throws TableNotReadyException when the partition has moved to another process meanwhile: begin again
     */
    @Override
    public KeyValue<String, V> next() {
        KeyValueIterator<Bytes, byte[]> first = next.poll();
        if (first == null) {
            throw new NoSuchElementException();
        }
        KeyValue<Bytes, byte[]> row;
        try {
            row = first.next();
        } catch (NoSuchElementException end) {
            throw end;
        } catch (RuntimeException closed) {
            throw interrupted.apply(closed);
        }
        queue(first);
        return decoded.apply(row);
    }

    private void queue(KeyValueIterator<Bytes, byte[]> partition) {
        try {
            if (partition.hasNext()) {
                next.add(partition);
            }
        } catch (RuntimeException closed) {
            throw interrupted.apply(closed);
        }
    }

    @Override
    public void close() {
        partitions.forEach(KeyValueIterator::close);
    }
}
