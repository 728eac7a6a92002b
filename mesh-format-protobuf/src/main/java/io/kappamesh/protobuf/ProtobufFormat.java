package io.kappamesh.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.mapping.AvroValues;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Protobuf messages, read into the port's class by the message's own declaration:
 *
 * <ul>
 *   <li>A field of the message is the field of its name, or of which its name is an alias; its JSON name does as well. Other fields are
 *       dropped, or {@linkplain #rejectingUnknownFields() rejected}.
 *   <li>A field that is not set has its default in Avro; without one it is null, if null is allowed; else what the message declares as its
 *       default (proto2), or the record is rejected. A field that cannot be unset (proto3 without {@code optional}) is zero, or empty.
 *   <li>Numbers are taken exactly or not at all: whole numbers as whole numbers, decimals, text, or a double that equals them.
 *       {@code float} and {@code double} are no decimals.
 *   <li>Timestamps are {@code google.protobuf.Timestamp}, ISO-8601 text with an offset, or whole numbers as {@link #epoch} says. Dates are
 *       {@code google.type.Date}, ISO-8601 text, or whole numbers as {@link #epochDays} says. Times of day are {@code google.type.TimeOfDay} or
 *       text. Decimals may be {@code google.type.Decimal}, {@code confluent.type.Decimal}, text or whole numbers. The wrappers of
 *       {@code google.protobuf} are single values that can be unset.
 *   <li>Enums are symbols of their name, or text. A number that the enum does not name, and a name that is no symbol, are the schema's default
 *       symbol, if it has one.
 *   <li>Repeated fields are arrays, maps are maps by the text of their keys, messages are records. A member of a {@code oneof} is a field
 *       that may be unset. A union may have null and one other type.
 * </ul>
 *
 * What cannot fit is refused when the port is declared. Text that is not UTF-8, and a field that the sender writes as another type, are
 * rejected. Immutable and thread-safe.
 */
public final class ProtobufFormat implements ValueFormat {
    private final Descriptor message;
    private final Framing framing;
    private final ReadingRules rules;

    private ProtobufFormat(Descriptor message, Framing framing, ReadingRules rules) {
        this.message = message;
        this.framing = framing;
        this.rules = rules;
    }

    /**
     * Messages as Confluent's Protobuf serializer writes them: byte 0, four bytes with the id of a schema, the place of the message in its file
     * (message indexes), then the message. The id is not looked up: the class decides. A record of another message of the file is rejected.
     *
     * @param message a generated class
     * @throws DeclarationException when it is none
     */
    public static ProtobufFormat confluent(Class<? extends Message> message) {
        return confluent(descriptor(message));
    }

    /** The same, where there is no generated class. */
    public static ProtobufFormat confluent(Descriptor message) {
        return new ProtobufFormat(message, Framing.confluent(message), ReadingRules.STRICT);
    }

    /**
     * Bare messages: the value is what {@code toByteArray()} returns.
     *
     * @param message a generated class
     * @throws DeclarationException when it is none
     */
    public static ProtobufFormat plain(Class<? extends Message> message) {
        return plain(descriptor(message));
    }

    /** The same, where there is no generated class. */
    public static ProtobufFormat plain(Descriptor message) {
        return new ProtobufFormat(message, Framing.NONE, ReadingRules.STRICT);
    }

    private static Descriptor descriptor(Class<? extends Message> message) {
        try {
            Method declared = message.getMethod("getDescriptor");
            if (Modifier.isStatic(declared.getModifiers()) && declared.invoke(null) instanceof Descriptor descriptor) {
                return descriptor;
            }
        } catch (ReflectiveOperationException notGenerated) {
            // The same as a class that has another method of that name.
        }
        throw new DeclarationException(List.of("Protobuf format: " + message.getName()
                + " is no class that protoc generated for a message; give such a class, or a Descriptor"));
    }

    /**
     * Timestamps may be whole numbers too: so many of this unit since the epoch.
     *
     * @param unit seconds, milliseconds or microseconds
     * @throws DeclarationException for another unit
     */
    public ProtobufFormat epoch(ChronoUnit unit) {
        if (unit != ChronoUnit.SECONDS && unit != ChronoUnit.MILLIS && unit != ChronoUnit.MICROS) {
            throw new DeclarationException(List.of(
                    "Protobuf format: timestamps are counted in SECONDS, MILLIS or MICROS, not in " + unit.name()));
        }
        return new ProtobufFormat(message, framing, rules.withEpoch(unit));
    }

    /** Dates may be whole numbers too: days since the epoch. */
    public ProtobufFormat epochDays() {
        return new ProtobufFormat(message, framing, rules.withEpochDays());
    }

    /**
     * Cuts what a {@code google.protobuf.Timestamp} has beyond the unit of its field, instead of rejecting the record: clocks of Go and Java
     * write nanoseconds, and event time has microseconds at most.
     */
    public ProtobufFormat truncatingTimestamps() {
        return new ProtobufFormat(message, framing, rules.withTimestampsTruncated());
    }

    /** Rejects records in which a field is set that the message or the port's class does not know, instead of dropping the field. */
    public ProtobufFormat rejectingUnknownFields() {
        return new ProtobufFormat(message, framing, rules.withUnknownFieldsRejected());
    }

    @Override
    public boolean checksValues() {
        return true;
    }

    @Override
    public <V extends IndexedRecord> Decoder<V> decoder(Class<V> type, Schema schema) {
        MessageReader reader = new MessageReader(schema, plan(schema), framing, rules.unknownFieldsRejected());
        AvroValues<V> values = new AvroValues<>(type, schema);
        return bytes -> reader.decode(bytes, values);
    }

    /** What cannot be written as this message is an {@code IllegalArgumentException}: a null where a field cannot be unset, for example. */
    @Override
    public <V extends IndexedRecord> Optional<Encoder<V>> encoder(Class<V> type, Schema schema) {
        MessagePlan plan = plan(schema);
        AvroValues<V> values = new AvroValues<>(type, schema);
        return Optional.of(value -> framing.framed(MessageWriter.message(plan, values.plain(value))));
    }

    private MessagePlan plan(Schema schema) {
        return MessagePlanner.plan(schema, message, rules);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProtobufFormat format
                && message.getFullName().equals(format.message.getFullName())
                && areEqual(message.getFile(), format.message.getFile())
                && framing.equals(format.framing)
                && rules.equals(format.rules);
    }

    /** Descriptors that are read twice from the same file are different objects. */
    private static boolean areEqual(FileDescriptor one, FileDescriptor other) {
        if (one == other) {
            return true;
        }
        List<FileDescriptor> imports = one.getDependencies();
        List<FileDescriptor> others = other.getDependencies();
        return one.toProto().equals(other.toProto())
                && imports.size() == others.size()
                && IntStream.range(0, imports.size()).allMatch(at -> areEqual(imports.get(at), others.get(at)));
    }

    @Override
    public int hashCode() {
        return Objects.hash(message.getFullName(), framing, rules);
    }
}
