package io.kappamesh.protobuf;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** Records in Avro's own types as the messages that {@link MessageReader} reads. For tests. */
final class MessageWriter {
    private MessageWriter() {}

    /** @throws IllegalArgumentException when no message reads as this record */
    static Message message(MessagePlan plan, IndexedRecord record) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(plan.message());
        plan.recordFields().forEach((field, source) -> {
            if (source.isPresent()) {
                write(source.get(), record.get(field.pos()), message);
            }
        });
        return message.build();
    }

    private static void write(FieldPlan field, @Nullable Object value, DynamicMessage.Builder message) {
        FieldDescriptor declared = field.descriptor();
        if (value == null) {
            if (!declared.hasPresence()) {
                throw new IllegalArgumentException(declared.getFullName() + " cannot be unset, and so never be null");
            }
        } else if (declared.isMapField()) {
            ((Map<?, ?>) value).forEach((key, one) -> message.addRepeatedField(declared, entry(field, key, one)));
        } else if (declared.isRepeated()) {
            ((Collection<?>) value)
                    .forEach(one ->
                            message.addRepeatedField(declared, field.content().toProtobuf(one)));
        } else {
            requireUnset(declared.getRealContainingOneof(), message);
            message.setField(declared, field.content().toProtobuf(value));
        }
    }

    private static void requireUnset(@Nullable OneofDescriptor oneof, DynamicMessage.Builder message) {
        if (oneof != null && message.hasOneof(oneof)) {
            throw new IllegalArgumentException(oneof.getFullName() + " has one value only");
        }
    }

    private static Message entry(FieldPlan field, Object key, Object value) {
        MessagePlan entry = field.message().orElseThrow();
        FieldPlan keys = entry.fields().get(0);
        FieldPlan values = entry.fields().get(1);
        return DynamicMessage.newBuilder(entry.message())
                .setField(keys.descriptor(), keys.content().toProtobuf(new Utf8(key.toString())))
                .setField(values.descriptor(), values.content().toProtobuf(value))
                .build();
    }
}
