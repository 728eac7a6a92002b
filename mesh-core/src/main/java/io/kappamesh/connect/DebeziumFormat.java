package io.kappamesh.connect;

import io.kappamesh.avro.AvroType;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.json.JsonReader;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.serde.Codecs;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Changes of database rows as Debezium writes them, in JSON or in Avro. The value of a port is the row: {@code after} of a snapshot
 * ({@code r}), an insert ({@code c}) and an update ({@code u}). A deletion ({@code d}) deletes the key, as the tombstone behind it does. What
 * concerns no row of one key is a dead letter, unless it is to be {@linkplain #ignoring ignored}. So is a row of which the database did not log
 * all columns: a large value of PostgreSQL that an update left as it was, without {@code REPLICA IDENTITY FULL}. For table ports. Immutable and
 * thread-safe.
 */
public final class DebeziumFormat implements ValueFormat {

    /** Messages that are no change of one row. */
    public enum Message {
        /** All rows of the table were deleted at once ({@code op} is {@code t}). What a product made of them stays. */
        TRUNCATE,
        /** The database's schema changed; such messages have {@code ddl} and no {@code op}. */
        SCHEMA_CHANGE,
        /** An application wrote a message into the database's log ({@code op} is {@code m}). */
        LOGICAL_MESSAGE
    }

    private static final String NO_ROW = "has no row after the change";

    /** Empty = envelopes are in Avro. */
    private final Optional<JsonFormat> json;

    private final Optional<String> changedAt;
    private final Set<Message> ignored;

    private DebeziumFormat(Optional<JsonFormat> json, Optional<String> changedAt, Set<Message> ignored) {
        this.json = json;
        this.changedAt = changedAt;
        this.ignored = Set.copyOf(ignored);
    }

    /**
     * Envelopes in JSON, with or without the converter's {@code schema} and {@code payload}.
     *
     * @param rows how columns are written, by the connector's settings: {@code JsonFormat.json().epoch(ChronoUnit.MICROS).epochDays()} for
     *     {@code time.precision.mode=adaptive} with PostgreSQL's timestamps. {@code decimal.handling.mode} has to be {@code string}
     */
    public static DebeziumFormat json(JsonFormat rows) {
        return new DebeziumFormat(Optional.of(rows), Optional.empty(), Set.of());
    }

    /**
     * Envelopes in Avro and the Confluent wire format, whatever subjects their schemas are registered under. Columns are the fields of their
     * names, or of which their name is an alias; the names of types say nothing. A column is taken exactly or not at all, and what it counts is
     * said by its schema: decimals, and times by their logical type or {@code connect.name}.
     */
    public static DebeziumFormat avro() {
        return new DebeziumFormat(Optional.empty(), Optional.empty(), Set.of());
    }

    /**
     * Puts the time of the change in the database ({@code source.ts_ms}) into a field of the row that no column fills, so that it can be the
     * port's event time.
     *
     * @param field a {@code timestamp-millis} of the port's class
     */
    public DebeziumFormat changedAt(String field) {
        return new DebeziumFormat(json, Optional.of(field), ignored);
    }

    /** Passes over messages that are no change of one row, in place of making them dead letters. */
    public DebeziumFormat ignoring(Message... messages) {
        Set<Message> all = EnumSet.noneOf(Message.class);
        all.addAll(ignored);
        all.addAll(List.of(messages));
        return new DebeziumFormat(json, changedAt, all);
    }

    @Override
    public boolean checksValues() {
        return true;
    }

    @Override
    public boolean hasSchemaIds() {
        return json.isEmpty();
    }

    @Override
    public <V extends IndexedRecord> Decoder<V> decoder(Class<V> type, Schema schema) {
        return decoder(type, schema, WriterSchemas.NONE);
    }

    @Override
    public <V extends IndexedRecord> Decoder<V> decoder(Class<V> type, Schema schema, WriterSchemas writers) {
        changedAt
                .filter(field -> schema.getField(field) == null
                        || !(schema.getField(field).schema().getLogicalType() instanceof LogicalTypes.TimestampMillis))
                .ifPresent(field -> {
                    throw new DeclarationException(List.of("schema " + schema.getFullName() + ": field '" + field
                            + "' must be a timestamp-millis that is never null, to hold the time of the change"));
                });
        Set<String> filled = changedAt.map(Set::of).orElse(Set.of());
        AvroValues<V> values = new AvroValues<>(type, schema);
        return json.map(format -> inJson(JsonReader.of(format, schema, filled), schema, values))
                .orElseGet(() -> inAvro(writers, schema, Codecs.type(type, schema), filled, values));
    }

    private <V extends IndexedRecord> Decoder<V> inJson(JsonReader rows, Schema schema, AvroValues<V> values) {
        return bytes -> rows.decode(bytes, (in, items) -> {
            @Nullable Envelope envelope = JsonEnvelopes.read(in, rows, items);
            return envelope == null ? Result.deleted() : row(envelope, values, schema);
        });
    }

    private <V extends IndexedRecord> Decoder<V> inAvro(
            WriterSchemas writers, Schema schema, AvroType<V> type, Set<String> filled, AvroValues<V> values) {
        ConnectRows.check(schema);
        BySchemaId<Messages<V>> messages =
                new BySchemaId<>(writers, writer -> ofWriter(writer, schema, type, filled, values));
        return bytes -> {
            try {
                return messages.of(bytes).read(bytes);
            } catch (MisfitException misfit) {
                return Result.rejected(misfit.reason());
            }
        };
    }

    /** Those of one writer's schema. */
    @FunctionalInterface
    private interface Messages<V> {
        Result<V> read(byte[] bytes) throws MisfitException;
    }

    private <V extends IndexedRecord> Messages<V> ofWriter(
            Schema writer, Schema schema, AvroType<V> type, Set<String> filled, AvroValues<V> values) {
        Optional<DirectEnvelopes<V>> direct = filled.isEmpty() ? DirectEnvelopes.of(writer, type) : Optional.empty();
        if (direct.isPresent()) {
            DirectEnvelopes<V> envelopes = direct.get();
            return bytes -> {
                DirectEnvelopes.Change<V> change = envelopes.read(bytes);
                return row(change.operation(), false, () -> logged(change.after()));
            };
        }
        AvroEnvelopes envelopes = new AvroEnvelopes(writer, schema, filled);
        return bytes -> row(envelopes.read(bytes), values, schema);
    }

    private static <V extends IndexedRecord> Result<V> logged(@Nullable V after) throws MisfitException {
        if (after == null) {
            return Result.rejected(NO_ROW);
        }
        UnloggedColumns.requireNone(after);
        return Result.value(after);
    }

    private <V extends IndexedRecord> Result<V> row(Envelope envelope, AvroValues<V> values, Schema schema)
            throws MisfitException {
        return row(envelope.operation(), envelope.changesSchema(), () -> {
            @Nullable GenericRecord after = envelope.after();
            if (after == null) {
                return Result.rejected(NO_ROW);
            }
            UnloggedColumns.requireNone(after);
            if (changedAt.isPresent()) {
                if (envelope.changed() == null) {
                    return Result.rejected("has no source.ts_ms, which is to be the time of the change");
                }
                after.put(schema.getField(changedAt.get()).pos(), envelope.changed());
            }
            return values.of(after);
        });
    }

    /** The row after a change. */
    @FunctionalInterface
    private interface Row<V> {
        Result<V> result() throws MisfitException;
    }

    private <V> Result<V> row(String operation, boolean changesSchema, Row<V> after) throws MisfitException {
        return switch (operation) {
            case "d" -> Result.deleted();
            case "r", "c", "u" -> after.result();
            case "t" -> noChange(Message.TRUNCATE, "truncates the table, which is no change of one row");
            case "m" -> noChange(Message.LOGICAL_MESSAGE, "is a message of an application, and no change of a row");
            case "" ->
                changesSchema
                        ? noChange(Message.SCHEMA_CHANGE, "changes the database's schema, and no row")
                        : Result.rejected("is no envelope of Debezium: it has no op");
            default -> Result.rejected("is no change of a row: its op is none of r, c, u and d");
        };
    }

    private <V> Result<V> noChange(Message message, String reason) {
        return ignored.contains(message) ? Result.ignored() : Result.rejected(reason);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DebeziumFormat format
                && json.equals(format.json)
                && changedAt.equals(format.changedAt)
                && ignored.equals(format.ignored);
    }

    @Override
    public int hashCode() {
        return Objects.hash(json, changedAt, ignored);
    }
}
