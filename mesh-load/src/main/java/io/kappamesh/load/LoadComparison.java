package io.kappamesh.load;

import io.kappamesh.columns.ChildColumns.Element;
import io.kappamesh.columns.TableColumns;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.registry.RegistryUnavailableException;
import io.kappamesh.rows.ElementRows;
import io.kappamesh.rows.TableRows;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.tables.Latest;
import io.kappamesh.tables.LatestRecords;
import io.kappamesh.tables.PairVisitor;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Is shown the keys of a topic in their order, and goes through the rows of the table beside them. One thread. */
final class LoadComparison implements PairVisitor {
    private static final int SAMPLES = 20;
    /** So that they leave room for differences. */
    private static final int DEAD_LETTER_SAMPLES = 5;

    private final LoadOptions options;
    private final LoadState loaded;
    private final TableColumns columns;
    private final AvroDecoder<Object> decoder;
    private final LatestRecords latest;
    private final TableRows rows;
    private final List<ElementRows> elements;
    private final LoadStates states;
    private final Map<Integer, Long> beginnings;
    private final Map<String, Long> differing = new TreeMap<>();
    private final List<LoadVerification.Sample> samples = new ArrayList<>();
    private long topicKeys;
    private long equal;
    private long changed;
    private long missing;
    private long extra;
    private long refused;
    private long kept;
    private long overtaken;

    /** @param beginnings of the topic's partitions */
    LoadComparison(
            LoadOptions options,
            LoadState loaded,
            TableColumns columns,
            AvroDecoder<Object> decoder,
            LatestRecords latest,
            TableRows rows,
            List<ElementRows> elements,
            LoadStates states,
            Map<Integer, Long> beginnings) {
        this.options = options;
        this.loaded = loaded;
        this.columns = columns;
        this.decoder = decoder;
        this.latest = latest;
        this.rows = rows;
        this.elements = elements;
        this.states = states;
        this.beginnings = beginnings;
    }

    @Override
    public void visit(int partition, byte[] key, @Nullable Latest from, @Nullable Latest to) {
        byte @Nullable [] value = Latest.valueOf(from);
        if (from == null || value == null) {
            return;
        }
        try {
            TableRows.@Nullable Row row = rowOf(partition, key);
            topicKeys++;
            if (row == null) {
                withoutRow(partition, key, from);
            } else {
                compare(partition, key, from.offset(), value, row);
                rows.next();
            }
        } catch (SQLException failed) {
            throw new DatabaseFailedException(failed);
        }
    }

    /** A record that has no key, and so has no row; it is among the dead letters. */
    void withoutKey(int partition, long offset) throws SQLException {
        topicKeys++;
        Optional<String> why = states.deadLetter(options.name(), partition, offset);
        if (why.isPresent()) {
            refused++;
        } else {
            missing++;
        }
    }

    /** Passes the rows before a key. */
    private TableRows.@Nullable Row rowOf(int partition, byte[] key) throws SQLException {
        while (true) {
            TableRows.Row row = rows.current();
            if (row == null) {
                return null;
            }
            int order = row.compareTo(partition, key);
            if (order >= 0) {
                return order == 0 ? row : null;
            }
            withoutRecord(row);
            rows.next();
        }
    }

    private void withoutRow(int partition, byte[] key, Latest record) throws SQLException {
        Optional<String> why = states.deadLetter(options.name(), partition, record.offset());
        if (why.isPresent()) {
            refused++;
            if (refused <= DEAD_LETTER_SAMPLES) {
                sample(key, "dead letter: " + why.get());
            }
        } else if (isOvertaken(partition, key)) {
            overtaken++;
        } else {
            missing++;
            sample(key, "missing in the table");
        }
    }

    private void withoutRecord(TableRows.Row row) {
        if (row.offset() < beginnings.getOrDefault(row.partition(), 0L)) {
            kept++;
        } else if (isOvertaken(row.partition(), row.key())) {
            overtaken++;
        } else {
            extra++;
            sample(row.key(), "in the table only");
        }
    }

    private void compare(int partition, byte[] key, long offset, byte[] value, TableRows.Row row) throws SQLException {
        List<List<Element>> found = new ArrayList<>();
        for (ElementRows of : elements) {
            found.add(of.of(partition, key));
        }
        List<String> different = new ArrayList<>(decoder.decode(value)
                .<List<String>>fold(
                        decoded -> differing((IndexedRecord) decoded, row, found),
                        reason -> List.of("(the record cannot be read: " + reason + ")"),
                        (id, cause) -> {
                            throw new RegistryUnavailableException(
                                    "schema id " + id + " was never seen and the registry does not answer", cause);
                        }));
        if (row.offset() != offset) {
            different.add(TableColumns.OFFSET);
        }
        if (different.isEmpty()) {
            equal++;
        } else if (isOvertaken(partition, key)) {
            overtaken++;
        } else {
            changed++;
            different.forEach(column -> differing.merge(column, 1L, Long::sum));
            sample(key, String.join(", ", different));
        }
    }

    private List<String> differing(IndexedRecord record, TableRows.Row row, List<List<Element>> found) {
        List<String> different = new ArrayList<>(columns.differing(record, row.texts()));
        for (int i = 0; i < found.size(); i++) {
            different.addAll(elements.get(i).differing(record, found.get(i)));
        }
        return different;
    }

    private boolean isOvertaken(int partition, byte[] key) {
        return latest.isOvertaken(options.address().topic(), partition, key);
    }

    private void sample(byte[] key, String what) {
        if (samples.size() < SAMPLES) {
            samples.add(new LoadVerification.Sample(new String(key, StandardCharsets.UTF_8), what));
        }
    }

    LoadVerification finished() throws SQLException {
        while (rows.current() != null) {
            withoutRecord(rows.current());
            rows.next();
        }
        for (ElementRows of : elements) {
            for (byte[] key = of.nextOrphan(); key != null; key = of.nextOrphan()) {
                extra++;
                sample(key, "in " + of.table() + " only");
            }
        }
        return new LoadVerification(
                options.address().toString(),
                options.target().schema() + "." + loaded.table(),
                loaded.offsets(),
                loaded.caughtUpAt(),
                topicKeys,
                equal,
                changed,
                missing,
                extra,
                refused,
                kept,
                overtaken,
                differing,
                samples);
    }

    /** PostgreSQL failed amid the comparison. */
    static final class DatabaseFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DatabaseFailedException(SQLException cause) {
            super(cause);
        }
    }
}
