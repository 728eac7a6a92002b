package io.kappamesh.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a message are read, and where their values go. Filled once, by who makes it, because messages may hold each other; then it
 * is never changed, and thread-safe.
 */
final class MessagePlan {
    private final Descriptor message;
    private final Map<Integer, FieldPlan> byNumber = new HashMap<>();
    private final Map<Integer, UnreadMember> unread = new HashMap<>();
    private final List<FieldPlan> fields = new ArrayList<>();
    private final Map<Schema.Field, Optional<FieldPlan>> record = new LinkedHashMap<>();

    /** Fields that have a value also where the message has none: always, and of those that were not sent. */
    private int alwaysFilled;

    private final List<FieldPlan> filledIfUnset = new ArrayList<>();

    /** A member of a oneof that is not read, and unsets those that are. */
    private record UnreadMember(FieldDescriptor descriptor, List<Integer> unsets) {}

    MessagePlan(Descriptor message) {
        this.message = message;
    }

    Descriptor message() {
        return message;
    }

    /** A field that is read; they come in the order of their slots. */
    void add(FieldPlan field) {
        byNumber.put(field.descriptor().getNumber(), field);
        fields.add(field);
    }

    /** A field of the record, and of which one of the message it is; empty = the message has no such field. */
    void add(Schema.Field field, Optional<FieldPlan> source) {
        source.ifPresent(this::add);
        record.put(field, source);
        boolean staysNull = field.schema().isNullable()
                && (!field.hasDefaultValue() || JsonProperties.NULL_VALUE.equals(field.defaultVal()))
                && source.map(FieldPlan::descriptor)
                        .map(FieldDescriptor::hasPresence)
                        .orElse(true);
        if (!staysNull) {
            source.ifPresentOrElse(filledIfUnset::add, () -> alwaysFilled++);
        }
    }

    void addUnread(FieldDescriptor member, List<Integer> unsets) {
        unread.put(member.getNumber(), new UnreadMember(member, unsets));
    }

    /** What reads the field of a number; null = nothing does. */
    @Nullable
    FieldPlan field(int number) {
        return byNumber.get(number);
    }

    List<FieldPlan> fields() {
        return fields;
    }

    Map<Schema.Field, Optional<FieldPlan>> recordFields() {
        return record;
    }

    /** Values of a message of which nothing has been read. */
    @Nullable
    Object[] empty() {
        return new @Nullable Object[fields.size()];
    }

    /** A field comes that nothing reads: the last member of a oneof that is sent counts, also then. */
    void skipped(int tag, @Nullable Object[] values) {
        UnreadMember member = unread.get(WireFormat.getTagFieldNumber(tag));
        if (member != null && member.descriptor().getLiteType().getWireType() == WireFormat.getTagWireType(tag)) {
            member.unsets().forEach(other -> values[other] = null);
        }
    }

    /** How many fields of the record have a value that was not sent. */
    int filled(@Nullable Object[] values) {
        int filled = alwaysFilled;
        for (FieldPlan field : filledIfUnset) {
            filled += values[field.slot()] == null ? 1 : 0;
        }
        return filled;
    }

    /** The record that the values of a message are. */
    GenericRecord record(Schema type, @Nullable Object[] values) throws IOException {
        GenericData.Record made = new GenericData.Record(type);
        for (Map.Entry<Schema.Field, Optional<FieldPlan>> field : record.entrySet()) {
            made.put(field.getKey().pos(), value(field.getKey(), field.getValue(), values));
        }
        return made;
    }

    private static @Nullable Object value(Schema.Field field, Optional<FieldPlan> source, @Nullable Object[] values)
            throws IOException {
        if (source.isEmpty()) {
            return AvroValues.missing(field);
        }
        FieldPlan plan = source.get();
        try {
            Object wire = values[plan.slot()];
            if (wire != null) {
                return plan.value(wire);
            }
            boolean isUnset = plan.descriptor().hasPresence();
            boolean avroDecides = field.hasDefaultValue() || field.schema().isNullable();
            return isUnset && avroDecides ? AvroValues.missing(field) : plan.unset();
        } catch (MisfitException misfit) {
            throw misfit.inside("." + field.name());
        }
    }
}
