package io.kappamesh.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.kappamesh.format.ValueFormat.Result;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.ItemLimit;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalars;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to the values of a message, straight from the wire: a {@code Message} would cut off numbers, replace text that is not UTF-8, and put
 * away as unknown what it cannot read. Immutable and thread-safe.
 */
final class MessageReader {
    private static final int NO_GROUP = 0;
    private static final int INT_BITS = 32;
    private static final long LOW_BITS = 0xffff_ffffL;

    private final Schema schema;
    private final MessagePlan plan;
    private final Framing framing;
    private final boolean unknownFieldsRejected;

    MessageReader(Schema schema, MessagePlan plan, Framing framing, boolean unknownFieldsRejected) {
        this.schema = schema;
        this.plan = plan;
        this.framing = framing;
        this.unknownFieldsRejected = unknownFieldsRejected;
    }

    /** What is left of the bytes, and what they may still be made into. */
    private record Wire(CodedInputStream in, ItemLimit items) {}

    <V extends IndexedRecord> Result<V> decode(byte[] bytes, AvroValues<V> values) {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        in.setRecursionLimit(AvroValues.MAX_DEPTH);
        try {
            framing.skip(in);
            @Nullable Object[] read = plan.empty();
            read(plan, new Wire(in, new ItemLimit(bytes.length)), read, 1, NO_GROUP);
            return values.of(plan.record(schema, read));
        } catch (MisfitException misfit) {
            return Result.rejected(misfit.reason());
        } catch (IOException broken) {
            return Result.rejected("is no Protobuf message, or is cut off");
        }
    }

    /** @param group the tag that ends the message, where its length does not stand before it */
    private void read(MessagePlan message, Wire wire, @Nullable Object[] values, int depth, int group)
            throws IOException {
        CodedInputStream in = wire.in();
        if (depth > AvroValues.MAX_DEPTH) {
            throw new MisfitException("is nested more than " + AvroValues.MAX_DEPTH + " levels deep");
        }
        for (int tag = in.readTag(); tag != group; tag = in.readTag()) {
            if (tag == 0 || WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP) {
                throw new MisfitException("has a group that does not end where it should");
            }
            FieldPlan field = message.field(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                Scalars.require(!unknownFieldsRejected, "has a field that the schema does not know");
                message.skipped(tag, values);
                in.skipField(tag);
                continue;
            }
            try {
                read(field, tag, wire, values, depth);
            } catch (MisfitException misfit) {
                throw misfit.inside(field.step());
            }
        }
        wire.items().filled(message.filled(values));
    }

    private void read(FieldPlan field, int tag, Wire wire, @Nullable Object[] values, int depth) throws IOException {
        CodedInputStream in = wire.in();
        FieldDescriptor declared = field.descriptor();
        int wireType = WireFormat.getTagWireType(tag);
        boolean isOne = wireType == declared.getLiteType().getWireType();
        boolean isPacked = declared.isPackable() && wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        if (!isOne && !isPacked) {
            throw new MisfitException("is written as another type than the message declares");
        }
        field.unsets().forEach(other -> values[other] = null);
        if (declared.isMapField()) {
            entry(field, wire, values, depth);
        } else if (isPacked) {
            int outer = in.pushLimit(in.readRawVarint32());
            while (!in.isAtEnd()) {
                wire.items().item();
                item(field, single(declared.getType(), in), values);
            }
            in.popLimit(outer);
        } else if (declared.isRepeated()) {
            wire.items().item();
            item(field, one(field, tag, wire, null, depth), values);
        } else {
            values[field.slot()] = one(field, tag, wire, values[field.slot()], depth);
        }
    }

    /** @param before what was read of the field: a message that is sent twice is one message */
    private Object one(FieldPlan field, int tag, Wire wire, @Nullable Object before, int depth) throws IOException {
        CodedInputStream in = wire.in();
        if (field.message().isEmpty()) {
            return single(field.descriptor().getType(), in);
        }
        MessagePlan message = field.message().get();
        wire.items().object();
        @Nullable Object[] values = before == null ? message.empty() : (@Nullable Object[]) before;
        if (field.descriptor().getType() == FieldDescriptor.Type.GROUP) {
            int end = tag - WireFormat.WIRETYPE_START_GROUP + WireFormat.WIRETYPE_END_GROUP;
            read(message, wire, values, depth + 1, end);
        } else {
            int outer = in.pushLimit(in.readRawVarint32());
            read(message, wire, values, depth + 1, NO_GROUP);
            in.popLimit(outer);
        }
        return values;
    }

    private static void item(FieldPlan field, Object wire, @Nullable Object[] values) throws IOException {
        @SuppressWarnings("unchecked") // nothing else is put there
        List<Object> items = (List<Object>) values[field.slot()];
        if (items == null) {
            items = new ArrayList<>();
            values[field.slot()] = items;
        }
        items.add(field.content().toAvro(wire));
    }

    private void entry(FieldPlan field, Wire wire, @Nullable Object[] values, int depth) throws IOException {
        CodedInputStream in = wire.in();
        wire.items().object();
        MessagePlan message = field.message().orElseThrow();
        FieldPlan key = message.fields().get(0);
        FieldPlan value = message.fields().get(1);
        @SuppressWarnings("unchecked") // nothing else is put there
        Map<String, Object> entries = (Map<String, Object>) values[field.slot()];
        if (entries == null) {
            entries = new HashMap<>();
            values[field.slot()] = entries;
        }
        @Nullable Object[] entry = message.empty();
        int outer = in.pushLimit(in.readRawVarint32());
        read(message, wire, entry, depth + 1, NO_GROUP);
        in.popLimit(outer);
        entries.put(
                String.valueOf(key.content().toAvro(key.sent(entry))),
                value.content().toAvro(value.sent(entry)));
    }

    private static Object single(FieldDescriptor.Type type, CodedInputStream in) throws IOException {
        return switch (type) {
            case BOOL -> in.readBool();
            case INT32 -> signed(in.readInt64());
            case SINT32 -> signed(in.readSInt64());
            case SFIXED32 -> (long) in.readSFixed32();
            case UINT32 -> {
                long number = in.readUInt64();
                requireExact(number >>> INT_BITS == 0);
                yield number;
            }
            case FIXED32 -> in.readFixed32() & LOW_BITS;
            case INT64, ENUM -> in.readInt64();
            case SINT64 -> in.readSInt64();
            case SFIXED64 -> in.readSFixed64();
            case UINT64 -> unsigned(in.readUInt64());
            case FIXED64 -> unsigned(in.readFixed64());
            case FLOAT -> in.readFloat();
            case DOUBLE -> in.readDouble();
            case BYTES -> in.readByteArray();
            case STRING -> {
                ByteString text = in.readBytes();
                Scalars.require(text.isValidUtf8(), "is text that is not UTF-8");
                yield text.toStringUtf8();
            }
            case MESSAGE, GROUP -> throw new IllegalStateException("no single value");
        };
    }

    private static long signed(long number) throws MisfitException {
        requireExact(number == (int) number);
        return number;
    }

    private static void requireExact(boolean fits) throws MisfitException {
        Scalars.require(fits, "is a number that its type cannot hold exactly");
    }

    /** A number whose highest bit is a digit. */
    static Number unsigned(long bits) {
        return bits >= 0 ? Long.valueOf(bits) : new BigDecimal(new BigInteger(Long.toUnsignedString(bits)));
    }
}
