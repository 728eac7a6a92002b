package io.kappamesh.protobuf;

import com.google.protobuf.DynamicMessage;
import io.kappamesh.mapping.ScalarTexts;
import io.kappamesh.mapping.Scalars;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A message that stands for a single value.
 *
 * @param plan of its parts
 * @param truncated whether a timestamp is cut to the unit of its type
 */
record KnownContent(
        KnownMessage known, MessagePlan plan, Schema type, Scalars scalars, ScalarTexts texts, boolean truncated)
        implements Content {

    @Override
    public Object toAvro(Object wire) throws IOException {
        @Nullable Object[] values = (@Nullable Object[]) wire;
        List<Object> parts = new ArrayList<>();
        for (FieldPlan part : plan.fields()) {
            parts.add(part.sent(values));
        }
        Object value = known.value(parts);
        if (value instanceof Instant time && truncated) {
            value = time.truncatedTo(unit());
        }
        return Objects.requireNonNull(scalars.read(type, new WireScalar(value)));
    }

    private ChronoUnit unit() {
        return type.getLogicalType() instanceof LogicalTypes.TimestampMillis
                ? ChronoUnit.MILLIS
                : type.getLogicalType() instanceof LogicalTypes.TimestampMicros ? ChronoUnit.MICROS : ChronoUnit.NANOS;
    }

    @Override
    public Object toProtobuf(Object avro) {
        List<Object> parts = known.parts(texts.of(type, avro).toString());
        DynamicMessage.Builder message = DynamicMessage.newBuilder(plan.message());
        for (FieldPlan part : plan.fields()) {
            message.setField(part.descriptor(), parts.get(part.slot()));
        }
        return message.build();
    }
}
