package io.kappamesh.contract;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** The schema that a generated class carries. */
final class RecordSchemas {
    private RecordSchemas() {}

    static @Nullable Schema of(Class<?> type) {
        return SpecificRecord.class.isAssignableFrom(type) ? SpecificData.get().getSchema(type) : null;
    }
}
