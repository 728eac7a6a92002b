package io.kappamesh.change;

import io.debezium.engine.RecordChangeEvent;
import io.kappamesh.database.Lsn;
import io.kappamesh.database.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Reads what Debezium's engine gives. One thread. */
final class Changes {
    private final JsonConverter keys = converter(true);
    private final JsonConverter values = converter(false);
    private final TableName table;

    /** @param table of which changes are read: Debezium also takes those whose names differ in case only */
    Changes(TableName table) {
        this.table = table;
    }

    private static JsonConverter converter(boolean isKey) {
        JsonConverter converter = new JsonConverter();
        // Otherwise a null in a column that has a default would be written as that default.
        converter.configure(Map.of("schemas.enable", "false", "replace.null.with.default", "false"), isKey);
        return converter;
    }

    /**
     * Empty = it says nothing.
     *
     * @throws ChangeStreamException if it cannot be read
     */
    Optional<Change> of(RecordChangeEvent<SourceRecord> event) {
        try {
            return read(event);
        } catch (RuntimeException broken) {
            // Some are Kafka's exceptions, which would be taken for faults of the brokers.
            throw ChangeStreamException.unreadable(
                    where(event.record()) + " (" + broken.getClass().getSimpleName() + ")", broken);
        }
    }

    /**
     * Which column it is, as far as that can be found out, of which table, and where in the log: the same when the change comes again. Rows of a snapshot
     * are in no place of the log.
     */
    private String where(SourceRecord record) {
        String column = record.value() instanceof Struct value
                ? Stream.of("after", "before")
                        .filter(part -> value.schema().field(part) != null)
                        .map(value::getStruct)
                        .filter(Objects::nonNull)
                        .flatMap(this::unreadable)
                        .findFirst()
                        .map(name -> "." + name)
                        .orElse("")
                : "";
        Object lsn =
                record.sourceOffset() == null ? null : record.sourceOffset().get("lsn");
        boolean isSnapshot =
                record.value() instanceof Struct value && text(value, "op").equals("r");
        return table
                + column
                + (lsn instanceof Number known && !isSnapshot ? " at " + Lsn.text(known.longValue()) : "");
    }

    private Stream<String> unreadable(Struct row) {
        return row.schema().fields().stream()
                .filter(field -> {
                    try {
                        byte[] unused = values.fromConnectData("", field.schema(), row.getWithoutDefault(field.name()));
                        return false;
                    } catch (RuntimeException broken) {
                        return true;
                    }
                })
                .map(Field::name);
    }

    private Optional<Change> read(RecordChangeEvent<SourceRecord> event) {
        SourceRecord record = event.record();
        if (!(record.value() instanceof Struct value)) {
            return Optional.empty();
        }
        String status = text(value, "status");
        if (!status.isEmpty()) {
            return Optional.of(status.equals("BEGIN") ? new Change.Begun() : new Change.Ended(lsn(record), event));
        }
        String operation = text(value, "op");
        if (operation.equals("m")) {
            return Optional.of(new Change.Message(content(value)));
        }
        if (operation.isEmpty()
                || !table.schema().equals(text(source(value), "schema"))
                || !table.table().equals(text(source(value), "table"))) {
            return Optional.empty();
        }
        return switch (operation) {
            case "t" ->
                Optional.of(new Change.Truncated(number(source(value), "ts_ms"), number(source(value), "txId")));
            default -> Optional.of(row(record, value, operation));
        };
    }

    private Change.Row row(SourceRecord record, Struct value, String operation) {
        return new Change.Row(
                operation,
                record.key() == null ? null : key(record),
                record.key() == null
                        ? List.of()
                        : record.keySchema().fields().stream().map(Field::name).toList(),
                InfiniteTimes.asText(
                        values.fromConnectData(record.topic(), record.valueSchema(), record.value()), value),
                number(source(value), "ts_ms"),
                number(source(value), "txId"));
    }

    private byte[] key(SourceRecord record) {
        return InfiniteTimes.asText(
                keys.fromConnectData(record.topic(), record.keySchema(), record.key()), (Struct) record.key());
    }

    /** Behind the commit: the offset of the transaction's end. */
    private static long lsn(SourceRecord record) {
        Object found = record.sourceOffset().get("lsn_commit");
        if (!(found instanceof Number lsn)) {
            throw new IllegalStateException("the end of a transaction has no LSN");
        }
        return lsn.longValue();
    }

    private static Struct source(Struct value) {
        return value.getStruct("source");
    }

    private static String content(Struct value) {
        Object content = value.getStruct("message").get("content");
        if (content instanceof ByteBuffer buffer) {
            return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
        }
        return content instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(content);
    }

    private static String text(Struct value, String name) {
        @Nullable Field field = value.schema().field(name);
        Object found = field == null ? null : value.get(field);
        return found instanceof String text ? text : "";
    }

    private static long number(Struct value, String name) {
        @Nullable Field field = value.schema().field(name);
        Object found = field == null ? null : value.get(field);
        return found instanceof Number number ? number.longValue() : 0;
    }
}
