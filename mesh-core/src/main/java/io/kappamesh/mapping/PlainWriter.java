package io.kappamesh.mapping;

import io.kappamesh.avro.BytesEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Values in Avro's own types to Avro binary. Avro's own writer asks of every value which conversion it has, and which type of a union; here
 * nothing is converted, and nearly all unions have null and one other type. Immutable and thread-safe: each thread has its own buffer.
 */
final class PlainWriter {
    private static final byte[] NO_HEADER = {};
    private static final GenericData PLAIN = new GenericData();

    private final Schema schema;
    private final ThreadLocal<BytesEncoder> buffers = ThreadLocal.withInitial(BytesEncoder::new);

    PlainWriter(Schema schema) {
        this.schema = schema;
    }

    byte[] write(IndexedRecord record) throws MisfitException {
        BytesEncoder out = buffers.get();
        out.startWith(NO_HEADER);
        try {
            record(schema, record, out);
        } catch (MisfitException misfit) {
            throw misfit;
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return out.toByteArray();
    }

    private static void record(Schema type, IndexedRecord record, BytesEncoder out) throws IOException {
        for (Schema.Field field : type.getFields()) {
            try {
                write(field.schema(), record.get(field.pos()), out);
            } catch (MisfitException misfit) {
                throw misfit.inside("." + field.name());
            }
        }
    }

    private static void write(Schema type, @Nullable Object value, BytesEncoder out) throws IOException {
        if (type.getType() == Schema.Type.UNION) {
            int branch = type.getTypes().size() > 2 ? PLAIN.resolveUnion(type, value) : branch(type, value == null);
            out.writeIndex(branch);
            write(type.getTypes().get(branch), value, out);
            return;
        }
        if (value == null) {
            if (type.getType() != Schema.Type.NULL) {
                throw new MisfitException("is null");
            }
            return;
        }
        switch (type.getType()) {
            case RECORD -> record(type, (IndexedRecord) value, out);
            case ARRAY -> items(type.getElementType(), (Collection<?>) value, out);
            case MAP -> entries(type.getValueType(), (Map<?, ?>) value, out);
            case STRING -> text(value, out);
            case ENUM -> out.writeEnum(type.getEnumOrdinal(value.toString()));
            case BYTES -> out.writeBytes((ByteBuffer) value);
            case FIXED -> out.writeFixed(((GenericFixed) value).bytes(), 0, type.getFixedSize());
            case INT -> out.writeInt((Integer) value);
            case LONG -> out.writeLong((Long) value);
            case FLOAT -> out.writeFloat((Float) value);
            case DOUBLE -> out.writeDouble((Double) value);
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case NULL, UNION -> throw new MisfitException("is not null");
        }
    }

    private static int branch(Schema union, boolean isNull) throws MisfitException {
        for (int branch = 0; branch < union.getTypes().size(); branch++) {
            if (isNull == (union.getTypes().get(branch).getType() == Schema.Type.NULL)) {
                return branch;
            }
        }
        throw new MisfitException("is null");
    }

    private static void items(Schema type, Collection<?> items, BytesEncoder out) throws IOException {
        out.writeArrayStart();
        out.setItemCount(items.size());
        for (Object item : items) {
            out.startItem();
            write(type, item, out);
        }
        out.writeArrayEnd();
    }

    private static void entries(Schema type, Map<?, ?> entries, BytesEncoder out) throws IOException {
        out.writeMapStart();
        out.setItemCount(entries.size());
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            out.startItem();
            text(entry.getKey(), out);
            write(type, entry.getValue(), out);
        }
        out.writeMapEnd();
    }

    private static void text(Object text, BytesEncoder out) throws IOException {
        if (text instanceof Utf8 utf8) {
            out.writeString(utf8);
        } else {
            out.writeString(text.toString());
        }
    }
}
