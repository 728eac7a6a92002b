package io.kappamesh.query;

import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Read-only queries of a table port, with the rows that the port's consumers see: only what is committed, and only what the serving
 * generation published. The processes that run the serving generation share the table: each holds some of the topic's partitions.
 *
 * <p>A row is as new as the last commit that reached this process, usually some milliseconds after consumers could read it. A partition is
 * asked only once it is read to the end that it had when this process took it over, so that an answer is never older than one that another
 * process gave before. Each row is a committed one; two rows are not a snapshot, also where one transaction wrote both.
 *
 * <p>Thread-safe.
 *
 * @param <V> the values of the port
 */
public interface PublishedTable<V> {

    /**
     * The row of a key, or the process that holds it.
     *
     * @throws TableNotReadyException when no process is known that could answer, or this one cannot yet
     */
    Lookup<V> get(String key);

    /**
     * The process that holds a key, whether or not the table has a row of it: its {@code mesh.application.server}; empty = this process.
     *
     * @throws TableNotReadyException as {@link #get}
     */
    Optional<HostInfo> ownerOf(String key);

    /**
     * The rows that this process holds of a range of keys, in the order of their UTF-8 bytes. {@link TableRows#elsewhere} says who holds
     * others. To be closed.
     *
     * @param from the first key, included
     * @param to the last key, included
     * @throws TableNotReadyException when this process cannot answer yet, or it is not known who holds the rest
     */
    TableRows<V> range(String from, String to);

    /**
     * All rows that this process holds, as {@link #range}.
     *
     * @throws TableNotReadyException as {@link #range}
     */
    TableRows<V> all();
}
