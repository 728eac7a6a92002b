package io.kappamesh.postgres;

import io.kappamesh.columns.Column;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far a port was loaded. An immutable value.
 *
 * @param port its address, or that of its shadow
 * @param table that holds it
 * @param view that shows it under a name that stays; empty = there is none
 * @param topicId of the topic that was read
 * @param schema the version of the contract that the table has, in Avro's JSON
 * @param columns of the table
 * @param caughtUpAt when everything was loaded that there was, by the database's clock
 * @param positions where reading goes on in each partition
 */
public record LoadState(
        String port,
        String table,
        Optional<String> view,
        String topicId,
        String schema,
        List<Column> columns,
        Instant caughtUpAt,
        Map<Integer, Position> positions) {

    public LoadState {
        columns = List.copyOf(columns);
        positions = Collections.unmodifiableMap(new TreeMap<>(positions));
    }

    /** The next offset of each partition. */
    public Map<Integer, Long> offsets() {
        return Position.offsets(positions);
    }
}
