package io.kappamesh.encoding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Makes a writer of values of a schema. What Avro's own writer asks for each value (its type, its conversion, its branch) is asked once here, as far as it can be. It
 * writes values of the Java types that one expects, as Avro would, and of all others it says that it does not know; so all rules of Avro hold, and its messages. There is none
 * for schemas in which something is decided by other rules: custom coders, and texts that have a Java class of their own.
 */
final class ValueWriters {
    /** Its fields are known after it is made, because a record may be inside itself. */
    private static final class RecordWriter implements ValueWriter {
        private final @Nullable Class<?> type;
        private ValueWriter[] fields = {};

        /** @param type the class of all records; null = any */
        RecordWriter(@Nullable Class<?> type) {
            this.type = type;
        }

        @Override
        public boolean write(@Nullable Object value, BytesEncoder out) throws IOException {
            if (!(value instanceof IndexedRecord record) || (type != null && record.getClass() != type)) {
                return false;
            }
            for (int position = 0; position < fields.length; position++) {
                if (!fields[position].write(record.get(position), out)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final Schema NULL = Schema.create(Schema.Type.NULL);

    private final GenericData data;
    private final IdentityHashMap<Schema, RecordWriter> records = new IdentityHashMap<>();
    private boolean knowsAll = true;

    private ValueWriters(GenericData data) {
        this.data = data;
    }

    /** The writer of a type; null = there is none. */
    static @Nullable ValueWriter of(Schema schema, GenericData data) {
        if (data instanceof SpecificData specific && specific.useCustomCoders()) {
            return null;
        }
        ValueWriters writers = new ValueWriters(data);
        ValueWriter writer = writers.value(schema);
        return writers.knowsAll ? writer : null;
    }

    /** Whatever comes: nothing is known. */
    private ValueWriter unknown() {
        knowsAll = false;
        return (value, out) -> false;
    }

    /** Where the class of a value tells which conversion it has. */
    private ValueWriter value(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        Conversion<?> conversion = logical == null ? null : data.getConversionFor(logical);
        if (conversion == null) {
            return plain(schema);
        }
        ValueWriter common = LogicalTypeWriters.of(schema, conversion);
        if (common != null) {
            return common;
        }
        ValueWriter converted = converted(schema, conversion);
        return (value, out) -> value != null
                && data.getConversionByClass(value.getClass(), logical) == conversion
                && converted.write(value, out);
    }

    /** By this conversion, whatever the class of the value. */
    private ValueWriter converted(Schema schema, Conversion<?> conversion) {
        ValueWriter raw = plain(schema);
        return (value, out) -> value != null
                && raw.write(Conversions.convertToRawType(value, schema, schema.getLogicalType(), conversion), out);
    }

    private ValueWriter plain(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> (value, out) -> value == null;
            case BOOLEAN ->
                (value, out) -> {
                    if (!(value instanceof Boolean truth)) {
                        return false;
                    }
                    out.writeBoolean(truth);
                    return true;
                };
            case INT ->
                (value, out) -> {
                    if (!(value instanceof Integer number)) {
                        return false;
                    }
                    out.writeInt(number);
                    return true;
                };
            case LONG ->
                (value, out) -> {
                    if (!(value instanceof Long number)) {
                        return false;
                    }
                    out.writeLong(number);
                    return true;
                };
            case FLOAT ->
                (value, out) -> {
                    if (!(value instanceof Float number)) {
                        return false;
                    }
                    out.writeFloat(number);
                    return true;
                };
            case DOUBLE ->
                (value, out) -> {
                    if (!(value instanceof Double number)) {
                        return false;
                    }
                    out.writeDouble(number);
                    return true;
                };
            case STRING -> hasClassOfItsOwn(schema) ? unknown() : ValueWriters::text;
            case BYTES ->
                (value, out) -> {
                    if (!(value instanceof ByteBuffer bytes)) {
                        return false;
                    }
                    out.writeBytes(bytes);
                    return true;
                };
            case FIXED -> fixed(schema.getFixedSize());
            case ENUM -> symbol(schema);
            case ARRAY -> items(value(schema.getElementType()));
            case MAP -> entries(value(schema.getValueType()));
            case UNION -> union(schema);
            case RECORD -> record(schema);
        };
    }

    private boolean hasClassOfItsOwn(Schema text) {
        return data instanceof SpecificData && text.getProp(SpecificData.CLASS_PROP) != null;
    }

    private static boolean text(@Nullable Object value, BytesEncoder out) throws IOException {
        if (value instanceof String text) {
            out.writeString(text);
            return true;
        }
        if (value instanceof Utf8 text) {
            out.writeString(text);
            return true;
        }
        return false;
    }

    private static ValueWriter fixed(int size) {
        return (value, out) -> {
            if (!(value instanceof GenericFixed fixed) || fixed.bytes().length != size) {
                return false;
            }
            out.writeFixed(fixed.bytes(), 0, size);
            return true;
        };
    }

    private ValueWriter symbol(Schema schema) {
        return data instanceof SpecificData specific
                ? constant(schema, specific.getClass(schema))
                : (value, out) -> {
                    if (!(value instanceof GenericData.EnumSymbol symbol) || !schema.hasEnumSymbol(symbol.toString())) {
                        return false;
                    }
                    out.writeEnum(schema.getEnumOrdinal(symbol.toString()));
                    return true;
                };
    }

    /** Of a generated class, whose constants have the order of the schema. */
    @SuppressWarnings("EnumOrdinal") // it is what is written
    private ValueWriter constant(Schema schema, @Nullable Class<?> type) {
        if (type == null || !type.isEnum() || !schema.getEnumSymbols().equals(names(type))) {
            return unknown();
        }
        return (value, out) -> {
            if (!(value instanceof Enum<?> symbol) || symbol.getDeclaringClass() != type) {
                return false;
            }
            out.writeEnum(symbol.ordinal());
            return true;
        };
    }

    private static List<String> names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
    }

    /** A block of all, if there are any, and the end. */
    private static ValueWriter items(ValueWriter item) {
        return (value, out) -> {
            if (!(value instanceof Collection<?> items)) {
                return false;
            }
            int left = items.size();
            out.setItemCount(left);
            for (Object one : items) {
                if (!item.write(one, out)) {
                    return false;
                }
                left--;
            }
            out.writeArrayEnd();
            return left == 0;
        };
    }

    private static ValueWriter entries(ValueWriter each) {
        return (value, out) -> {
            if (!(value instanceof Map<?, ?> entries)) {
                return false;
            }
            int left = entries.size();
            out.setItemCount(left);
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                // As Avro does: also a Utf8, which may be none, becomes a String.
                out.writeString(entry.getKey().toString());
                if (!each.write(entry.getValue(), out)) {
                    return false;
                }
                left--;
            }
            out.writeMapEnd();
            return left == 0;
        };
    }

    private ValueWriter union(Schema union) {
        List<Schema> branches = union.getTypes();
        ValueWriter[] writers = branches.stream().map(this::value).toArray(ValueWriter[]::new);
        int nothing = branches.size() == 2 ? branches.indexOf(NULL) : -1;
        if (nothing >= 0 && !isNamedByItsValues(branches.get(1 - nothing))) {
            return nullable(nothing, writers[1 - nothing]);
        }
        return (value, out) -> {
            int branch = data.resolveUnion(union, value);
            out.writeIndex(branch);
            return writers[branch].write(value, out);
        };
    }

    /** The branch of whatever is not null need not be looked for: its writer refuses what is of another. */
    private static ValueWriter nullable(int nothing, ValueWriter present) {
        return (value, out) -> {
            out.writeIndex(value == null ? nothing : 1 - nothing);
            return value == null || present.write(value, out);
        };
    }

    /** Whether Avro chooses a branch by the name that a value gives itself, which may be any. Those of generated classes are known. */
    private boolean isNamedByItsValues(Schema branch) {
        return switch (branch.getType()) {
            case RECORD, ENUM -> !(data instanceof SpecificData);
            case FIXED -> true;
            default -> false;
        };
    }

    private ValueWriter record(Schema schema) {
        RecordWriter known = records.get(schema);
        if (known != null) {
            return known;
        }
        SpecificRecordBase example = example(schema);
        if (example == null && data instanceof SpecificData) {
            return unknown();
        }
        RecordWriter record = new RecordWriter(example == null ? null : example.getClass());
        records.put(schema, record);
        record.fields =
                schema.getFields().stream().map(field -> field(field, example)).toArray(ValueWriter[]::new);
        return record;
    }

    /** A record of the generated class; null = there is none. */
    private @Nullable SpecificRecordBase example(Schema schema) {
        return data instanceof SpecificData specific
                        && specific.newRecord(null, schema) instanceof SpecificRecordBase generated
                ? generated
                : null;
    }

    /** A generated class knows the conversions of its own fields, and no others are asked. */
    private ValueWriter field(Schema.Field field, @Nullable SpecificRecordBase of) {
        if (of == null) {
            return value(field.schema());
        }
        Conversion<?> conversion = field.schema().getLogicalType() == null ? null : of.getConversion(field.pos());
        if (conversion == null) {
            return plain(field.schema());
        }
        ValueWriter common = LogicalTypeWriters.of(field.schema(), conversion);
        return common == null ? converted(field.schema(), conversion) : common;
    }
}
