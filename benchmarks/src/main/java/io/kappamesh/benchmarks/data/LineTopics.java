package io.kappamesh.benchmarks.data;

import static java.util.Objects.requireNonNull;

import io.kappamesh.avro.AvroType;
import io.kappamesh.benchmarks.lines.LoadedLines;
import io.kappamesh.benchmarks.lines.OrderLines;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;

/**
 * Order lines in topics that are loaded.
 *
 * @param counts how many records each topic has
 * @param tables what stands in the table of each topic in the end
 */
public record LineTopics(Map<LoadedLines, Long> counts, Map<LoadedLines, TableRows> tables) {
    private static final int CHANGED = 5;
    /** How many lines come between a line and its change: mostly they are not written together. */
    private static final int BETWEEN = 20_000;
    /** Writes all topics, which exist and are empty. */
    public static LineTopics write(String bootstrapServers, SchemaRegistry registry, double scale) {
        Map<LoadedLines, Topic> topics = new EnumMap<>(LoadedLines.class);
        try (InputWriter writer = new InputWriter(bootstrapServers)) {
            for (LoadedLines lines : LoadedLines.values()) {
                topics.put(lines, new Topic(lines, registry, writer));
            }
            Topic changes = requireNonNull(topics.get(LoadedLines.CHANGES));
            Deque<String[]> due = new ArrayDeque<>();
            Topic all = requireNonNull(topics.get(LoadedLines.NEW));
            LineFiles.forEach(scale, (columns, isFirst) -> {
                long number = all.records;
                all.last(columns);
                if (isFirst) {
                    requireNonNull(topics.get(LoadedLines.WARM_UP)).last(columns);
                }
                if (number % CHANGED == 0) {
                    changes.send(columns);
                    due.add(columns);
                } else {
                    changes.last(columns);
                }
                if (due.size() > BETWEEN / CHANGED) {
                    changes.last(changed(due.remove()));
                }
            });
            due.forEach(columns -> changes.last(changed(columns)));
        }
        Map<LoadedLines, Long> counts = new EnumMap<>(LoadedLines.class);
        Map<LoadedLines, TableRows> tables = new EnumMap<>(LoadedLines.class);
        topics.forEach((lines, topic) -> {
            counts.put(lines, topic.records);
            tables.put(lines, topic.rows);
        });
        return new LineTopics(counts, tables);
    }

    private static String[] changed(String[] columns) {
        String[] other = columns.clone();
        other[7] = new BigDecimal(columns[7]).add(BigDecimal.ONE).toPlainString();
        return other;
    }

    /** How many records a topic has. */
    public long records(LoadedLines lines) {
        return requireNonNull(counts.get(lines));
    }

    /** What its table has to hold. */
    public TableRows rows(LoadedLines lines) {
        return requireNonNull(tables.get(lines));
    }

    private static final class Topic {
        private final LoadedLines lines;
        private final InputWriter writer;
        private final AvroEncoder<GenericRecord> encoder;
        private long records;
        private TableRows rows = TableRows.NONE;

        Topic(LoadedLines lines, SchemaRegistry registry, InputWriter writer) {
            this.lines = lines;
            this.writer = writer;
            int id = registry.register(lines.topic() + "-value", OrderLines.SCHEMA, Compatibility.FULL_TRANSITIVE);
            this.encoder = new AvroEncoder<>(AvroType.generic(OrderLines.SCHEMA), id);
        }

        /** The last record of its key. */
        void last(String[] columns) {
            rows = rows.and(columns);
            send(columns);
        }

        void send(String[] columns) {
            records++;
            writer.send(
                    lines.topic(),
                    Instant.parse(columns[1]).toEpochMilli(),
                    columns[0].getBytes(StandardCharsets.UTF_8),
                    encoder.encode(OrderLines.of(columns)));
        }
    }
}
