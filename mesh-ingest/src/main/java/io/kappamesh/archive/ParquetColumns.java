package io.kappamesh.archive;

import io.kappamesh.mapping.MisfitException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Rows as Parquet's reader hands them out, in Avro's own types: decimals that are stored as whole numbers, which come as decimals under a schema that says
 * whole numbers; and times of 96 bits, as Spark writes them, which come as bytes. Also within records, lists and maps. Immutable.
 */
final class ParquetColumns {
    private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final long MICROS_OF_A_DAY = 86_400_000_000L;
    private static final long NANOS_OF_A_MICRO = 1_000;

    /** Takes one value, never null. */
    @FunctionalInterface
    private interface Part {
        Object of(Object value) throws MisfitException;
    }

    /**
     * A type, and how values become those of it.
     *
     * @param part null = they are
     */
    private record Column(Schema schema, @Nullable Part part) {
        static Column asItIs(Schema schema) {
            return new Column(schema, null);
        }

        Object of(Object value) throws MisfitException {
            return part == null ? value : part.of(value);
        }
    }

    private final Column row;

    /**
     * @param stored how the file stores what is read of a row
     * @param came the schema under which the reader hands them out
     */
    ParquetColumns(MessageType stored, Schema came) {
        this.row = ofRecord(stored, came);
    }

    /** The schema of {@link #row}. */
    Schema schema() {
        return row.schema();
    }

    /** A row of that schema. */
    IndexedRecord row(IndexedRecord came) throws MisfitException {
        return (IndexedRecord) row.of(came);
    }

    private static Column of(Type stored, Schema came) {
        if (came.getType() == Schema.Type.UNION) {
            return ofNullable(stored, came);
        }
        if (came.getType() == Schema.Type.ARRAY) {
            return ofArray(elementOf(stored), came);
        }
        if (stored.isPrimitive()) {
            return ofPrimitive(stored, came);
        }
        GroupType group = stored.asGroupType();
        return switch (came.getType()) {
            case RECORD -> ofRecord(group, came);
            case MAP -> ofMap(group, came);
            default -> Column.asItIs(came);
        };
    }

    private static Column ofNullable(Type stored, Schema came) {
        List<Schema> others = came.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .toList();
        if (others.size() != 1) {
            return Column.asItIs(came);
        }
        Column one = of(stored, others.get(0));
        return one.part() == null
                ? Column.asItIs(came)
                : new Column(Schema.createUnion(Schema.create(Schema.Type.NULL), one.schema()), one.part());
    }

    private static Column ofPrimitive(Type stored, Schema came) {
        PrimitiveTypeName type = stored.asPrimitiveType().getPrimitiveTypeName();
        if (type == PrimitiveTypeName.INT96 && came.getType() == Schema.Type.FIXED) {
            return new Column(
                    LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)),
                    value -> micros(((GenericFixed) value).bytes()));
        }
        if (stored.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal
                && (type == PrimitiveTypeName.INT32 || type == PrimitiveTypeName.INT64)) {
            return new Column(
                    LogicalTypes.decimal(decimal.getPrecision(), decimal.getScale())
                            .addToSchema(Schema.create(Schema.Type.BYTES)),
                    value -> unscaled(value, decimal.getScale()));
        }
        return Column.asItIs(came);
    }

    private static ByteBuffer unscaled(Object value, int scale) {
        BigDecimal decimal = value instanceof BigDecimal known
                ? known.setScale(scale)
                : BigDecimal.valueOf(((Number) value).longValue(), scale);
        return ByteBuffer.wrap(decimal.unscaledValue().toByteArray());
    }

    /** Nanoseconds of the day, and a Julian day. */
    private static Long micros(byte[] bytes) throws MisfitException {
        ByteBuffer time = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = time.getLong();
        long days = time.getInt() - JULIAN_DAY_OF_EPOCH;
        if (nanos % NANOS_OF_A_MICRO != 0) {
            throw new MisfitException("is a time of nanoseconds, of which microseconds are read here");
        }
        return Math.addExact(Math.multiplyExact(days, MICROS_OF_A_DAY), nanos / NANOS_OF_A_MICRO);
    }

    private static Column ofRecord(GroupType stored, Schema came) {
        List<Column> columns = new ArrayList<>();
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : came.getFields()) {
            Column column = stored.containsField(field.name())
                    ? of(stored.getType(field.name()), field.schema())
                    : Column.asItIs(field.schema());
            columns.add(column);
            fields.add(new Schema.Field(field.name(), column.schema()));
        }
        if (columns.stream().allMatch(column -> column.part() == null)) {
            return Column.asItIs(came);
        }
        Schema schema = Schema.createRecord(came.getName(), null, came.getNamespace(), false, fields);
        return new Column(schema, value -> {
            IndexedRecord from = (IndexedRecord) value;
            GenericData.Record record = new GenericData.Record(schema);
            for (Schema.Field field : schema.getFields()) {
                @Nullable Object one = from.get(field.pos());
                try {
                    record.put(
                            field.pos(),
                            one == null ? null : columns.get(field.pos()).of(one));
                } catch (MisfitException misfit) {
                    throw misfit.inside("." + field.name());
                }
            }
            return record;
        });
    }

    private static Column ofArray(Type stored, Schema came) {
        Column element = of(stored, came.getElementType());
        if (element.part() == null) {
            return Column.asItIs(came);
        }
        return new Column(Schema.createArray(element.schema()), value -> {
            List<@Nullable Object> all = new ArrayList<>();
            for (@Nullable Object one : (List<?>) value) {
                all.add(one == null ? null : element.of(one));
            }
            return all;
        });
    }

    /** A list is a group that repeats a group around each element; files of old writers lack the inner one, or both. */
    static Type elementOf(Type stored) {
        if (stored.isPrimitive() || !(stored.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation)) {
            return stored;
        }
        GroupType list = stored.asGroupType();
        Type repeated = list.getType(0);
        boolean isElement = repeated.isPrimitive()
                || repeated.asGroupType().getFieldCount() > 1
                || repeated.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED)
                || repeated.getName().equals("array")
                || repeated.getName().equals(list.getName() + "_tuple");
        return isElement ? repeated : repeated.asGroupType().getType(0);
    }

    private static Column ofMap(GroupType stored, Schema came) {
        if (!(stored.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation)) {
            return Column.asItIs(came);
        }
        Column held = of(stored.getType(0).asGroupType().getType(1), came.getValueType());
        if (held.part() == null) {
            return Column.asItIs(came);
        }
        return new Column(Schema.createMap(held.schema()), value -> {
            Map<Object, @Nullable Object> all = new HashMap<>();
            for (Map.Entry<?, ?> one : ((Map<?, ?>) value).entrySet()) {
                @Nullable Object inside = one.getValue();
                all.put(one.getKey(), inside == null ? null : held.of(inside));
            }
            return all;
        });
    }
}
