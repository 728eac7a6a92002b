package io.kappamesh.connect;

import io.kappamesh.avro.SchemaResolution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the columns of a writer's rows have the types of the port's fields, so that Avro's own resolution reads them as {@link ConnectRows}
 * would: then the writer's schema is made anew with the names that the port's types have, because Avro goes by them. The bytes stay what they
 * are. For one pair of schemas, and one thread.
 */
final class SameColumns {
    private record Pair(String writer, String reader) {}

    private final Map<Pair, Schema> records = new HashMap<>();
    private boolean same = true;

    private SameColumns() {}

    /** The writer's schema of a row in the names of the port's; empty = a column has another type, is missing without a default, or may be null. */
    static Optional<Schema> of(Schema writer, Schema reader) {
        SameColumns columns = new SameColumns();
        Schema renamed = columns.record(writer, reader);
        return columns.same && SchemaResolution.of(reader, renamed).gaps().isEmpty()
                ? Optional.of(renamed)
                : Optional.empty();
    }

    private Schema record(Schema writer, Schema reader) {
        Pair pair = new Pair(writer.getFullName(), reader.getFullName());
        Schema known = records.get(pair);
        if (known != null) {
            return known;
        }
        Schema renamed = Schema.createRecord(reader.getName(), null, reader.getNamespace(), false);
        records.put(pair, renamed);
        Map<String, Schema.Field> wanted = new HashMap<>();
        for (Schema.Field field : reader.getFields()) {
            List<Schema.Field> sources = SchemaResolution.sources(field, writer);
            if (sources.size() == 1) {
                require(wanted.put(sources.get(0).name(), field) == null);
            } else {
                require(sources.isEmpty() && field.hasDefaultValue());
            }
        }
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field column : writer.getFields()) {
            Schema.Field field = wanted.get(column.name());
            fields.add(new Schema.Field(
                    column.name(), field == null ? column.schema() : part(column.schema(), field.schema())));
        }
        renamed.setFields(fields);
        return renamed;
    }

    private Schema part(Schema writer, Schema reader) {
        if (writer.getType() == Schema.Type.UNION) {
            require(writer.getTypes().size() == 2 && writer.isNullable() && reader.isNullable());
            return same
                    ? Schema.createUnion(writer.getTypes().stream()
                            .map(branch ->
                                    branch.getType() == Schema.Type.NULL ? branch : part(branch, notNull(reader)))
                            .toList())
                    : writer;
        }
        return value(writer, notNull(reader));
    }

    /** Unions of a port's schema have null and one other type. */
    private static Schema notNull(Schema reader) {
        return reader.getType() == Schema.Type.UNION
                ? reader.getTypes().stream()
                        .filter(branch -> branch.getType() != Schema.Type.NULL)
                        .findFirst()
                        .orElseThrow()
                : reader;
    }

    private Schema value(Schema writer, Schema reader) {
        require(writer.getType() == reader.getType() && meansTheSame(writer, reader));
        if (!same) {
            return writer;
        }
        return switch (reader.getType()) {
            case RECORD -> record(writer, reader);
            case ARRAY -> Schema.createArray(part(writer.getElementType(), reader.getElementType()));
            case MAP -> Schema.createMap(part(writer.getValueType(), reader.getValueType()));
            case ENUM -> {
                require(writer.getEnumSymbols().equals(reader.getEnumSymbols()));
                yield reader;
            }
            case FIXED -> {
                require(writer.getFixedSize() == reader.getFixedSize());
                yield reader;
            }
            default -> reader;
        };
    }

    private static boolean meansTheSame(Schema writer, Schema reader) {
        if (writer.getLogicalType() instanceof LogicalTypes.Decimal one
                && reader.getLogicalType() instanceof LogicalTypes.Decimal other) {
            return one.getScale() == other.getScale() && one.getPrecision() == other.getPrecision();
        }
        @Nullable
        String one =
                writer.getLogicalType() == null ? null : writer.getLogicalType().getName();
        @Nullable
        String other =
                reader.getLogicalType() == null ? null : reader.getLogicalType().getName();
        return one == null ? other == null : one.equals(other);
    }

    private void require(boolean holds) {
        same &= holds;
    }
}
