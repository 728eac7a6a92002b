package io.kappamesh.protobuf;

import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A single value in a message of its own, so that it can be unset. */
record WrapperContent(MessagePlan plan, FieldPlan value) implements Content {

    @Override
    public Object toAvro(Object wire) throws IOException {
        return value.content().toAvro(value.sent((@Nullable Object[]) wire));
    }

    @Override
    public Object toProtobuf(Object avro) {
        return DynamicMessage.newBuilder(plan.message())
                .setField(value.descriptor(), value.content().toProtobuf(avro))
                .build();
    }
}
