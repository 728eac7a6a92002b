package io.kappamesh.mapping;

import static java.util.Objects.requireNonNull;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.LogicalValues;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversion;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Values in Avro's own types, without logical types, to values of a class: the same that reading their Avro binary gives. Made once per
 * class; immutable and thread-safe after that.
 */
final class PlainValues<V extends IndexedRecord> {
    private static final GenericData PLAIN = new GenericData();

    /** One part of a value. */
    @FunctionalInterface
    private interface Part {
        /** @param depth how many records, arrays and maps it is inside of */
        @Nullable
        Object of(@Nullable Object plain, int depth) throws MisfitException;
    }

    private final GenericData data;
    private final Map<String, RecordPart> records = new HashMap<>();
    private final RecordPart root;
    private final int depthLimit;

    /** @param depthLimit how many records, arrays and maps may be inside each other */
    PlainValues(AvroType<V> type, int depthLimit) {
        this.data = type.data();
        this.depthLimit = depthLimit;
        this.root = record(type.schema());
    }

    @SuppressWarnings("unchecked") // the data model makes what its schema says, and that is V
    V of(IndexedRecord plain) throws MisfitException {
        return (V) root.of(plain, 1);
    }

    /** Its fields are known after it is made, because a record may be inside itself. */
    private final class RecordPart implements Part {
        private final GenericData.InstanceSupplier supplier;
        private final Schema schema;
        private final Part[] fields;
        private final String[] names;

        RecordPart(Schema schema) {
            this.schema = schema;
            this.supplier = data.getNewRecordSupplier(schema);
            this.fields = new Part[schema.getFields().size()];
            this.names = schema.getFields().stream().map(Schema.Field::name).toArray(String[]::new);
        }

        void complete() {
            Object example = supplier.newInstance(null, schema);
            for (Schema.Field field : schema.getFields()) {
                Conversion<?> own = example instanceof SpecificRecordBase generated
                                && field.schema().getLogicalType() != null
                        ? generated.getConversion(field.pos())
                        : null;
                fields[field.pos()] = part(field.schema(), own);
            }
        }

        @Override
        public Object of(@Nullable Object plain, int depth) throws MisfitException {
            requireDepth(depth);
            IndexedRecord from = (IndexedRecord) requireNonNull(plain);
            IndexedRecord record = (IndexedRecord) supplier.newInstance(null, schema);
            for (int field = 0; field < fields.length; field++) {
                try {
                    record.put(field, fields[field].of(from.get(field), depth + 1));
                } catch (MisfitException misfit) {
                    throw misfit.inside("." + names[field]);
                }
            }
            return record;
        }
    }

    private void requireDepth(int depth) throws MisfitException {
        Scalars.require(depth <= depthLimit, "is nested too deeply: more than " + depthLimit + " levels");
    }

    private RecordPart record(Schema schema) {
        RecordPart known = records.get(schema.getFullName());
        if (known != null) {
            return known;
        }
        RecordPart part = new RecordPart(schema);
        records.put(schema.getFullName(), part);
        part.complete();
        return part;
    }

    /** @param ofField the conversion that a generated class has for a field of its own; null = the data model's */
    private Part part(Schema schema, @Nullable Conversion<?> ofField) {
        if (schema.getType() == Schema.Type.UNION) {
            return union(schema);
        }
        if (schema.getType() == Schema.Type.NULL) {
            return (plain, depth) -> {
                Scalars.require(plain == null, "is not null");
                return null;
            };
        }
        Part own = notNull(schema);
        LogicalType logical = schema.getLogicalType();
        Part meant = logical == null
                ? own
                : meant(own, LogicalValues.of(schema, ofField == null ? data.getConversionFor(logical) : ofField));
        return (plain, depth) -> {
            Scalars.require(plain != null, "is null");
            return meant.of(plain, depth);
        };
    }

    private static Part meant(Part own, LogicalValues.Meaning meaning) {
        return (plain, depth) -> {
            Object value = own.of(plain, depth);
            try {
                return meaning.of(value);
            } catch (IOException meaningless) {
                throw new MisfitException(String.valueOf(meaningless.getMessage()));
            }
        };
    }

    private Part text(Schema schema) {
        return meant((plain, depth) -> requireNonNull(plain), LogicalValues.ofText(data, schema));
    }

    private Part notNull(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ARRAY -> array(schema);
            case MAP -> map(schema);
            case STRING -> text(schema);
            case ENUM -> symbol(schema);
            case FIXED ->
                (plain, depth) -> data.createFixed(null, ((GenericFixed) requireNonNull(plain)).bytes(), schema);
            case BYTES -> (plain, depth) -> copy((ByteBuffer) requireNonNull(plain));
            case INT -> (plain, depth) -> (Integer) plain;
            case LONG -> (plain, depth) -> (Long) plain;
            case FLOAT -> (plain, depth) -> (Float) plain;
            case DOUBLE -> (plain, depth) -> (Double) plain;
            case BOOLEAN -> (plain, depth) -> (Boolean) plain;
            case NULL, UNION -> throw new IllegalStateException("handled before: " + schema);
        };
    }

    /** A default is shared by all who have it. */
    private static ByteBuffer copy(ByteBuffer shared) {
        ByteBuffer own = ByteBuffer.allocate(shared.remaining());
        own.put(shared.duplicate()).flip();
        return own;
    }

    private Part union(Schema union) {
        List<Schema> types = union.getTypes();
        Part[] branches = types.stream().map(type -> part(type, null)).toArray(Part[]::new);
        if (types.size() == 2 && union.isNullable()) {
            Part other = branches[types.get(0).getType() == Schema.Type.NULL ? 1 : 0];
            return (plain, depth) -> plain == null ? null : other.of(plain, depth);
        }
        return (plain, depth) -> branches[PLAIN.resolveUnion(union, plain)].of(plain, depth);
    }

    private Part array(Schema schema) {
        Part item = part(schema.getElementType(), null);
        return (plain, depth) -> {
            requireDepth(depth);
            Collection<?> items = (Collection<?>) requireNonNull(plain);
            GenericData.Array<Object> array = new GenericData.Array<>(items.size(), schema);
            try {
                for (Object each : items) {
                    array.add(item.of(each, depth + 1));
                }
            } catch (MisfitException misfit) {
                throw misfit.inside("[]");
            }
            return array;
        };
    }

    private Part map(Schema schema) {
        Part key = text(schema);
        Part value = part(schema.getValueType(), null);
        return (plain, depth) -> {
            requireDepth(depth);
            Map<Object, @Nullable Object> entries = new HashMap<>();
            try {
                for (Map.Entry<?, ?> each : ((Map<?, ?>) requireNonNull(plain)).entrySet()) {
                    entries.put(requireNonNull(key.of(each.getKey(), depth)), value.of(each.getValue(), depth + 1));
                }
            } catch (MisfitException misfit) {
                throw misfit.inside("{}");
            }
            return entries;
        };
    }

    private Part symbol(Schema schema) {
        Map<String, Object> symbols = new HashMap<>();
        schema.getEnumSymbols().forEach(symbol -> symbols.put(symbol, data.createEnum(symbol, schema)));
        return (plain, depth) -> requireNonNull(symbols.get(String.valueOf(plain)));
    }
}
