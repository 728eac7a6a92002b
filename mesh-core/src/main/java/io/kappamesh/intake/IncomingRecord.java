package io.kappamesh.intake;

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
    private @Nullable Rejection rejection;
    private long timestamp = -1;
    private boolean keyReadable;

    private IncomingRecord(
            byte @Nullable [] bytes,
            @Nullable V value,
            long eventTime,
            @Nullable String declaredKey,
            @Nullable Rejection rejection) {
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
        return new IncomingRecord<>(bytes, value, eventTime, declaredKey, null);
    }

    /** The deletion of a key; its event time is the record's timestamp. */
    static <V> IncomingRecord<V> deletion(byte @Nullable [] bytes) {
        return new IncomingRecord<>(bytes, null, -1, null, null);
    }

    static <V> IncomingRecord<V> refused(byte @Nullable [] bytes, Rejection rejection) {
        return new IncomingRecord<>(bytes, null, -1, null, rejection);
    }

    void refuse(Rejection why) {
        rejection = why;
    }

    /**
     * Adds what the deserializer does not see.
     *
     * @param recordTimestamp the record's own timestamp, in milliseconds since the epoch; -1 if it has none
     * @param readableKey whether the key is valid
     */
    void cameWith(long recordTimestamp, boolean readableKey) {
        timestamp = recordTimestamp;
        keyReadable = readableKey;
    }

    /** Whether a key is the one that the port declares for this value. */
    boolean belongsTo(@Nullable String key) {
        return declaredKey == null || declaredKey.equals(key);
    }

    boolean hasReadableKey() {
        return keyReadable;
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
