package io.kappamesh.intake;

import io.kappamesh.rule.BrokenRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record at the intake: its original bytes, and either its decoded value or the reason why it is rejected. Confined to the stream
 * thread that reads it.
 */
final class IncomingRecord<V> {
    /** In place of an event time: the value has none, and the record's timestamp stands for it. */
    static final long OF_RECORD = -1;

    private final byte @Nullable [] bytes;
    private final @Nullable V value;
    private final long eventTime;
    private final @Nullable String declaredKey;
    private final boolean ignored;
    private @Nullable Rejection rejection;
    private List<BrokenRule> warnings = List.of();
    private long timestamp = -1;
    private @Nullable String key;

    private IncomingRecord(
            byte @Nullable [] bytes,
            @Nullable V value,
            long eventTime,
            @Nullable String declaredKey,
            boolean ignored,
            @Nullable Rejection rejection) {
        this.ignored = ignored;
        this.bytes = bytes;
        this.value = value;
        this.eventTime = eventTime;
        this.declaredKey = declaredKey;
        this.rejection = rejection;
    }

    /**
     * A valid record, with its event time in milliseconds since the epoch, if its key is the one that the port declares; null = the port
     * declares none.
     */
    static <V> IncomingRecord<V> admitted(byte[] bytes, V value, long eventTime, @Nullable String declaredKey) {
        return new IncomingRecord<>(bytes, value, eventTime, declaredKey, false, null);
    }

    /** The deletion of a key; its event time is the record's timestamp. */
    static <V> IncomingRecord<V> deletion(byte @Nullable [] bytes) {
        return new IncomingRecord<>(bytes, null, -1, null, false, null);
    }

    /** A record that says nothing that belongs to the port. */
    static <V> IncomingRecord<V> ignored(byte @Nullable [] bytes) {
        return new IncomingRecord<>(bytes, null, -1, null, true, null);
    }

    static <V> IncomingRecord<V> refused(byte @Nullable [] bytes, Rejection rejection) {
        return new IncomingRecord<>(bytes, null, -1, null, false, rejection);
    }

    void refuse(Rejection why) {
        rejection = why;
    }

    /** Adds the rules that do not hold and only warn. */
    void warn(List<BrokenRule> broken) {
        warnings = broken;
    }

    List<BrokenRule> warnings() {
        return warnings;
    }

    /** Adds the record's own timestamp, which the deserializer does not see: in milliseconds since the epoch; -1 if it has none. */
    void cameAt(long recordTimestamp) {
        timestamp = recordTimestamp;
    }

    /** Adds what the product knows the record by. */
    void keyIs(@Nullable String text) {
        key = text;
    }

    /** Whether its key is the one that the port declares for its value. */
    boolean hasItsKey() {
        return declaredKey == null || declaredKey.equals(key);
    }

    /** The key that the port's rule makes of the value; null = it has no rule, or the record no value. */
    @Nullable
    String declaredKey() {
        return declaredKey;
    }

    /** What the product knows the record by; null = its key is none. */
    @Nullable
    String key() {
        return key;
    }

    boolean isIgnored() {
        return ignored;
    }

    byte @Nullable [] bytes() {
        return bytes;
    }

    @Nullable
    V value() {
        return value;
    }

    @Nullable
    Rejection rejection() {
        return rejection;
    }

    /** The record's own timestamp, in milliseconds since the epoch; -1 if it has none. */
    long timestamp() {
        return timestamp;
    }

    /** The event time, in milliseconds since the epoch; -1 if it is not known. */
    long eventTime() {
        return value == null || eventTime == OF_RECORD ? timestamp : eventTime;
    }
}
