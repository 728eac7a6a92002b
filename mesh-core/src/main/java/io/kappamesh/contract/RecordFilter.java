package io.kappamesh.contract;

import java.util.Map;
import java.util.Optional;

/**
 * Which records belong to a port, where its topic holds several types of them. The others are passed over. An immutable value.
 *
 * @param recordName the full name of the Avro record that they were written as; empty = any
 * @param headers the values, in UTF-8, of headers that they have; of several of one name the last counts
 */
public record RecordFilter(Optional<String> recordName, Map<String, String> headers) {
    /** All of them. */
    public static final RecordFilter ALL = new RecordFilter(Optional.empty(), Map.of());

    public RecordFilter {
        headers = Map.copyOf(headers);
    }
}
