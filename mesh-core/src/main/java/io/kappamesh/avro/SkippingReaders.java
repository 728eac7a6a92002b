package io.kappamesh.avro;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Passes over what the data have and nobody reads. It bounds depth and numbers of items as if it were read. */
final class SkippingReaders {

    /** Its fields are known after it is made, because a record may be inside itself. */
    private static final class SkipRecord implements ValueReader {
        private List<ValueReader> fields = List.of();

        @Override
        public @Nullable Object read(BytesDecoder in) throws IOException {
            in.enter();
            for (ValueReader field : fields) {
                field.read(in);
            }
            in.leave();
            return null;
        }
    }

    private final IdentityHashMap<Schema, SkipRecord> records = new IdentityHashMap<>();

    ValueReader of(Schema writer) {
        return switch (writer.getType()) {
            case NULL -> in -> null;
            case BOOLEAN -> BytesDecoder::readBoolean;
            case INT -> BytesDecoder::readInt;
            case LONG -> BytesDecoder::readLong;
            case ENUM -> BytesDecoder::readEnum;
            case FLOAT -> bytes(Float.BYTES);
            case DOUBLE -> bytes(Double.BYTES);
            case FIXED -> bytes(writer.getFixedSize());
            case STRING, BYTES ->
                in -> {
                    in.skipBytes();
                    return null;
                };
            case ARRAY -> items(in -> null, of(writer.getElementType()));
            case MAP -> items(of(Schema.create(Schema.Type.STRING)), of(writer.getValueType()));
            case UNION -> union(writer);
            case RECORD -> record(writer);
        };
    }

    private static ValueReader bytes(int length) {
        return in -> {
            in.skipFixed(length);
            return null;
        };
    }

    private static ValueReader items(ValueReader key, ValueReader value) {
        return in -> {
            in.enter();
            for (long count = in.skipArray(); count > 0; count = in.skipArray()) {
                for (long i = 0; i < count; i++) {
                    key.read(in);
                    value.read(in);
                }
            }
            in.leave();
            return null;
        };
    }

    private ValueReader union(Schema writer) {
        List<ValueReader> branches = writer.getTypes().stream().map(this::of).toList();
        return in -> {
            int index = in.readIndex();
            if (index < 0 || index >= branches.size()) {
                throw new MalformedException("has a union of an index beyond its branches");
            }
            return branches.get(index).read(in);
        };
    }

    private ValueReader record(Schema writer) {
        SkipRecord known = records.get(writer);
        if (known != null) {
            return known;
        }
        SkipRecord skip = new SkipRecord();
        records.put(writer, skip);
        skip.fields = writer.getFields().stream()
                .map(Schema.Field::schema)
                .map(this::of)
                .toList();
        return skip;
    }
}
