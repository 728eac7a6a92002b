package io.kappamesh.avro;

import java.io.IOException;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Conversion;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Makes readers out of plans: values in the Java types of a data model. What it makes is thread-safe, it is not. */
final class ValueReaders {

    /** What a step of a record does with the bytes that come next. */
    @FunctionalInterface
    private interface FieldReader {
        void read(IndexedRecord record, BytesDecoder in) throws IOException;
    }

    /** Its steps are known after it is made, because a record may be inside itself. */
    private static final class RecordReader implements ValueReader {
        private final GenericData.InstanceSupplier supplier;
        private final Schema schema;
        private FieldReader[] steps = {};
        private String[] names = {};

        RecordReader(GenericData.InstanceSupplier supplier, Schema schema) {
            this.supplier = supplier;
            this.schema = schema;
        }

        @Override
        public Object read(BytesDecoder in) throws IOException {
            in.enter();
            IndexedRecord record = (IndexedRecord) supplier.newInstance(null, schema);
            for (int i = 0; i < steps.length; i++) {
                try {
                    steps[i].read(record, in);
                } catch (MalformedException e) {
                    throw e.inside("." + names[i]);
                }
            }
            in.leave();
            return record;
        }
    }

    private static final ValueReader GAP = in -> {
        throw new UnreadableException();
    };

    private final GenericData data;
    private final StringReaders strings;
    private final SkippingReaders skipping = new SkippingReaders();
    private final IdentityHashMap<ReadPlan.Fields, RecordReader> records = new IdentityHashMap<>();

    ValueReaders(GenericData data) {
        this.data = data;
        this.strings = new StringReaders(data);
    }

    ValueReader of(ReadPlan plan) {
        return of(plan, null);
    }

    /** @param ofField the conversion that a generated class has for a field of its own; null = the data model's */
    private ValueReader of(ReadPlan plan, @Nullable Conversion<?> ofField) {
        if (plan instanceof ReadPlan.Same same) {
            Conversion<?> conversion = conversion(same.reader(), ofField);
            ValueReader general = LogicalValues.of(same.reader(), same(same.reader()), conversion);
            ValueReader common = LogicalTypeReaders.of(same.reader(), conversion, general);
            return common == null ? general : common;
        }
        if (plan instanceof ReadPlan.Promoted promoted) {
            Schema reader = promoted.reader();
            return LogicalValues.of(reader, promotion(promoted), conversion(reader, ofField));
        }
        if (plan instanceof ReadPlan.Symbols symbols) {
            return LogicalValues.of(symbols.reader(), symbols(symbols), conversion(symbols.reader(), ofField));
        }
        if (plan instanceof ReadPlan.Items items) {
            return LogicalValues.of(items.reader(), items(items), conversion(items.reader(), ofField));
        }
        if (plan instanceof ReadPlan.Values values) {
            return LogicalValues.of(values.reader(), values(values), conversion(values.reader(), ofField));
        }
        if (plan instanceof ReadPlan.Branches branches) {
            return branches(branches);
        }
        if (plan instanceof ReadPlan.Fields fields) {
            return LogicalValues.of(fields.reader(), record(fields), conversion(fields.reader(), ofField));
        }
        return GAP;
    }

    private @Nullable Conversion<?> conversion(Schema reader, @Nullable Conversion<?> ofField) {
        if (reader.getLogicalType() == null) {
            return null;
        }
        return ofField == null ? data.getConversionFor(reader.getLogicalType()) : ofField;
    }

    private ValueReader same(Schema reader) {
        return switch (reader.getType()) {
            case NULL -> in -> null;
            case BOOLEAN -> BytesDecoder::readBoolean;
            case INT -> BytesDecoder::readInt;
            case LONG -> BytesDecoder::readLong;
            case FLOAT -> BytesDecoder::readFloat;
            case DOUBLE -> BytesDecoder::readDouble;
            case STRING -> strings.value(reader);
            case BYTES -> in -> in.readBytes(null);
            case FIXED -> fixed(reader);
            default -> throw new IllegalStateException("no plan of its own: " + reader.getType());
        };
    }

    private ValueReader fixed(Schema reader) {
        int size = reader.getFixedSize();
        return in -> {
            in.requireRemaining(size);
            GenericFixed fixed = (GenericFixed) data.createFixed(null, reader);
            in.readFixed(fixed.bytes(), 0, size);
            return fixed;
        };
    }

    private ValueReader promotion(ReadPlan.Promoted plan) {
        boolean fromInt = plan.from() == Schema.Type.INT;
        boolean fromFloat = plan.from() == Schema.Type.FLOAT;
        return switch (plan.reader().getType()) {
            case LONG -> in -> (long) in.readInt();
            case FLOAT -> in -> LosslessNumbers.toFloat(fromInt ? in.readInt() : in.readLong());
            case DOUBLE ->
                fromFloat
                        ? in -> (double) in.readFloat()
                        : in -> LosslessNumbers.toDouble(fromInt ? in.readInt() : in.readLong());
            case BYTES -> in -> in.readBytes(null);
            case STRING -> strings.value(plan.reader());
            default -> throw new IllegalStateException("no promotion to " + plan.reader());
        };
    }

    private ValueReader symbols(ReadPlan.Symbols plan) {
        Object[] values = plan.symbols().stream()
                .map(symbol -> symbol == null ? null : data.createEnum(symbol, plan.reader()))
                .toArray();
        return in -> {
            int index = in.readEnum();
            if (index < 0 || index >= values.length) {
                throw new MalformedException("has an enum of an index beyond its symbols");
            }
            Object value = values[index];
            if (value == null) {
                throw new UnreadableException();
            }
            return value;
        };
    }

    private ValueReader items(ReadPlan.Items plan) {
        ValueReader item = of(plan.item());
        Schema schema = plan.reader();
        return in -> {
            in.enter();
            long count = in.readArrayStart();
            GenericData.Array<Object> items = new GenericData.Array<>((int) count, schema);
            try {
                for (; count > 0; count = in.arrayNext()) {
                    for (long i = 0; i < count; i++) {
                        items.add(item.read(in));
                    }
                }
            } catch (MalformedException e) {
                throw e.inside("[]");
            }
            in.leave();
            return items;
        };
    }

    private ValueReader values(ReadPlan.Values plan) {
        ValueReader key = strings.key(plan.reader());
        ValueReader value = of(plan.value());
        return in -> {
            in.enter();
            Map<Object, Object> values = new HashMap<>();
            try {
                for (long count = in.readMapStart(); count > 0; count = in.mapNext()) {
                    for (long i = 0; i < count; i++) {
                        Object at = key.read(in);
                        values.put(at, value.read(in));
                    }
                }
            } catch (MalformedException e) {
                throw e.inside("{}");
            }
            in.leave();
            return values;
        };
    }

    private ValueReader branches(ReadPlan.Branches plan) {
        ValueReader[] branches = plan.branches().stream().map(this::of).toArray(ValueReader[]::new);
        return in -> {
            int index = in.readIndex();
            if (index < 0 || index >= branches.length) {
                throw new MalformedException("has a union of an index beyond its branches");
            }
            return branches[index].read(in);
        };
    }

    private ValueReader record(ReadPlan.Fields plan) {
        if (!plan.readable()) {
            return GAP;
        }
        RecordReader known = records.get(plan);
        if (known != null) {
            return known;
        }
        Schema schema = plan.reader();
        RecordReader reader = new RecordReader(data.getNewRecordSupplier(schema), schema);
        records.put(plan, reader);
        Object example = reader.supplier.newInstance(null, schema);
        List<FieldReader> steps = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (ReadPlan.Step step : plan.steps()) {
            steps.add(field(step, example));
            names.add(step.name());
        }
        for (Schema.Field field : plan.defaults()) {
            steps.add(missing(field, example));
            names.add(field.name());
        }
        reader.steps = steps.toArray(FieldReader[]::new);
        reader.names = names.toArray(String[]::new);
        return reader;
    }

    private FieldReader field(ReadPlan.Step step, Object example) {
        Schema.Field field = step.reader();
        if (field == null) {
            ValueReader skip = skipping.of(step.writer());
            return (record, in) -> skip.read(in);
        }
        ValueReader reader = of(step.plan(), conversion(example, field));
        int position = field.pos();
        return (record, in) -> record.put(position, reader.read(in));
    }

    private static @Nullable Conversion<?> conversion(Object example, Schema.Field field) {
        return example instanceof SpecificRecordBase generated && field.schema().getLogicalType() != null
                ? generated.getConversion(field.pos())
                : null;
    }

    private FieldReader missing(Schema.Field field, Object example) {
        ReadPlan plan = SchemaResolution.of(field.schema(), field.schema()).root();
        ValueReader reader = of(plan, conversion(example, field));
        int position = field.pos();
        try {
            byte[] bytes = Defaults.encoded(field);
            Object value = reader.read(new BytesDecoder(bytes, 0));
            return isConstant(value)
                    ? (record, in) -> record.put(position, value)
                    : (record, in) -> record.put(position, reader.read(new BytesDecoder(bytes, 0)));
        } catch (IOException e) {
            throw new IllegalStateException("a default that was judged before", e);
        }
    }

    /** Whether many records may share a value. */
    private static boolean isConstant(@Nullable Object value) {
        return value == null
                || value instanceof Number
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Enum
                || value instanceof GenericEnumSymbol
                || value instanceof Temporal
                || value instanceof UUID;
    }
}
