package io.kappamesh.protobuf;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** A message that is a record. */
record RecordContent(MessagePlan plan, Schema type) implements Content {

    @Override
    public Object toAvro(Object wire) throws IOException {
        return plan.record(type, (@Nullable Object[]) wire);
    }

    @Override
    public Object toProtobuf(Object avro) {
        return MessageWriter.message(plan, (IndexedRecord) avro);
    }
}
