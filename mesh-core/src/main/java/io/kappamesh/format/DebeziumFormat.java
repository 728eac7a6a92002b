package io.kappamesh.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kappamesh.contract.ValueFormat;
import io.kappamesh.declaration.DeclarationException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Changes of database rows as Debezium writes them in JSON, with or without the converter's {@code schema} and {@code payload}. The value of a
 * port is the row: {@code after} of a snapshot ({@code r}), an insert ({@code c}) and an update ({@code u}). A deletion ({@code d}) deletes
 * the key, as the tombstone behind it does. What concerns no row of one key, such as truncating a table ({@code t}) or a message ({@code m}),
 * is a dead letter. For table ports. Immutable and thread-safe.
 */
public final class DebeziumFormat implements ValueFormat {
    private final JsonFormat rows;
    private final Optional<String> changedAt;

    private DebeziumFormat(JsonFormat rows, Optional<String> changedAt) {
        this.rows = rows;
        this.changedAt = changedAt;
    }

    /**
     * Envelopes in JSON.
     *
     * @param rows how columns are written, by the connector's settings: {@code JsonFormat.json().epoch(ChronoUnit.MICROS).epochDays()} for
     *     {@code time.precision.mode=adaptive} with PostgreSQL's timestamps. {@code decimal.handling.mode} has to be {@code string}
     */
    public static DebeziumFormat json(JsonFormat rows) {
        return new DebeziumFormat(rows, Optional.empty());
    }

    /**
     * Puts the time of the change in the database ({@code source.ts_ms}) into a field of the row that no column fills, so that it can be the
     * port's event time.
     *
     * @param field a {@code timestamp-millis} of the port's class
     */
    public DebeziumFormat changedAt(String field) {
        return new DebeziumFormat(rows, Optional.of(field));
    }

    @Override
    public <V extends IndexedRecord> Decoder<V> decoder(Class<V> type, Schema schema) {
        changedAt
                .filter(field -> schema.getField(field) == null
                        || !(schema.getField(field).schema().getLogicalType() instanceof LogicalTypes.TimestampMillis))
                .ifPresent(field -> {
                    throw new DeclarationException(List.of("schema " + schema.getFullName() + ": field '" + field
                            + "' must be a timestamp-millis that is never null, to hold the time of the change"));
                });
        JsonReader reader = rows.reader(schema, changedAt.map(Set::of).orElse(Set.of()));
        AvroValues<V> values = new AvroValues<>(type, schema);
        return bytes -> reader.decode(bytes, in -> {
            Envelope envelope = new Envelope(reader);
            envelope.read(in);
            return row(envelope, values, schema);
        });
    }

    private <V extends IndexedRecord> Result<V> row(Envelope envelope, AvroValues<V> values, Schema schema) {
        if (envelope.isTombstone) {
            return Result.deleted();
        }
        String operation = envelope.operation == null ? "" : envelope.operation;
        return switch (operation) {
            case "d" -> Result.deleted();
            case "r", "c", "u" -> {
                @Nullable GenericRecord after = envelope.after;
                if (after == null) {
                    yield Result.rejected("has no row after the change");
                }
                if (changedAt.isPresent()) {
                    if (envelope.changed == null) {
                        yield Result.rejected("has no source.ts_ms, which is to be the time of the change");
                    }
                    after.put(schema.getField(changedAt.get()).pos(), envelope.changed);
                }
                yield values.of(after);
            }
            case "" -> Result.rejected("is no envelope of Debezium: it has no op");
            case "t" -> Result.rejected("truncates the table, which is no change of one row");
            default -> Result.rejected("is no change of a row: its op is none of r, c, u and d");
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DebeziumFormat format && rows.equals(format.rows) && changedAt.equals(format.changedAt);
    }

    @Override
    public int hashCode() {
        return 31 * rows.hashCode() + changedAt.hashCode();
    }

    /** What is of interest in one envelope. */
    private static final class Envelope {
        private final JsonReader rows;
        private @Nullable GenericRecord after;
        private @Nullable String operation;
        private @Nullable Long changed;
        private boolean isTombstone;

        Envelope(JsonReader rows) {
            this.rows = rows;
        }

        void read(JsonParser in) throws IOException {
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken token = in.nextToken();
                switch (name) {
                    case "payload" -> {
                        isTombstone = token == JsonToken.VALUE_NULL;
                        if (token == JsonToken.START_OBJECT) {
                            read(in);
                        }
                    }
                    case "after" -> after = token == JsonToken.START_OBJECT ? rows.record(in) : null;
                    case "op" -> operation = in.getValueAsString("");
                    case "source" -> source(in);
                    default -> in.skipChildren();
                }
            }
        }

        private void source(JsonParser in) throws IOException {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                return;
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken token = in.nextToken();
                if (name.equals("ts_ms") && token == JsonToken.VALUE_NUMBER_INT) {
                    changed = in.getLongValue();
                } else {
                    in.skipChildren();
                }
            }
        }
    }
}
