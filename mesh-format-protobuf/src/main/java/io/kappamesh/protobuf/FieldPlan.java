package io.kappamesh.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.kappamesh.mapping.MisfitException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A field of a message that is read.
 *
 * @param name what reasons call it
 * @param slot where its value goes
 * @param unsets slots of the other members of its oneof: the last one that is sent counts
 * @param content of a single value, or of one item or entry
 * @param message how the value is read, if it is a message
 */
record FieldPlan(
        FieldDescriptor descriptor,
        String name,
        int slot,
        List<Integer> unsets,
        Content content,
        Optional<MessagePlan> message) {

    /** What a misfit in one value of it is inside of. */
    String step() {
        return "." + name + (descriptor.isMapField() ? "{}" : descriptor.isRepeated() ? "[]" : "");
    }

    /** Avro's value. Items and entries are that already. */
    Object value(Object wire) throws IOException {
        return descriptor.isRepeated() ? wire : content.toAvro(wire);
    }

    /** Avro's value of a field that was not sent, where nothing else stands for it. */
    Object unset() throws IOException {
        if (descriptor.isMapField()) {
            return Map.of();
        }
        if (descriptor.isRepeated()) {
            return List.of();
        }
        if (descriptor.hasPresence() && !descriptor.hasDefaultValue()) {
            throw new MisfitException("is missing");
        }
        return content.toAvro(byDefault());
    }

    /** What was read of the field, where it has no presence that matters. */
    Object sent(@Nullable Object[] values) {
        Object value = values[slot];
        return value == null ? byDefault() : value;
    }

    /** What a message that does not send the field means, as it would stand on the wire. */
    private Object byDefault() {
        if (message.isPresent()) {
            return message.get().empty();
        }
        Object declared = descriptor.getDefaultValue();
        return switch (descriptor.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) declared);
            case INT32, SINT32, SFIXED32 -> ((Integer) declared).longValue();
            case UINT64, FIXED64 -> MessageReader.unsigned((Long) declared);
            case BYTES -> ((ByteString) declared).toByteArray();
            case ENUM -> (long) ((EnumValueDescriptor) declared).getNumber();
            default -> declared;
        };
    }
}
