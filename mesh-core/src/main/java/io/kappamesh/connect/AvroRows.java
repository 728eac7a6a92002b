package io.kappamesh.connect;

import io.kappamesh.Internal;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.avro.SchemaResolution;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat.Result;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Rows that another program wrote in Avro under a schema of its own, as values of a port, by the rules for rows of Kafka Connect: columns go by
 * their names and aliases, and are converted exactly or not at all. Immutable and thread-safe.
 */
@Internal
public final class AvroRows<V extends IndexedRecord> {
    private final Projection<Object> raw;
    private final ConnectRows rows;
    private final AvroValues<V> values;

    /**
     * @param type the class of the port's values
     * @param reader their schema, perhaps with more aliases
     * @param writer the schema of the rows
     * @throws DeclarationException with every column that is missing, or if rows are no records
     */
    public AvroRows(Class<V> type, Schema reader, Schema writer) {
        ConnectRows.check(reader);
        if (writer.getType() != Schema.Type.RECORD) {
            throw new DeclarationException(
                    List.of("rows are no records but " + writer.getType().getName()));
        }
        List<String> problems = new ArrayList<>();
        for (Schema.Field field : reader.getFields()) {
            if (SchemaResolution.sources(field, writer).isEmpty()
                    && !field.hasDefaultValue()
                    && !field.schema().isNullable()) {
                problems.add("column " + field.name() + " is missing, has no default, and may not be null");
            }
        }
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        this.raw = new Projection<>(AvroType.raw(writer), writer, AvroValues.MAX_DEPTH);
        this.rows = new ConnectRows(writer, reader, Set.of());
        this.values = new AvroValues<>(type, reader);
    }

    /** The value of a row in Avro binary, or why it is none. */
    public Result<V> of(byte[] row) {
        Decoded<Object> decoded = raw.read(row, 0);
        return decoded instanceof Decoded.Value<Object> value
                ? of((IndexedRecord) value.value(), row.length)
                : Result.rejected(decoded.<String>fold(value -> "", reason -> reason, (id, cause) -> ""));
    }

    /**
     * The value of a row in Avro's own types, without logical types.
     *
     * @param bytes that the row was read from, about
     */
    public Result<V> of(IndexedRecord row, int bytes) {
        try {
            return values.of(rows.of(row, bytes));
        } catch (MisfitException misfit) {
            return Result.rejected(misfit.reason());
        }
    }
}
