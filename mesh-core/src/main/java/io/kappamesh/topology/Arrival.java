package io.kappamesh.topology;

import org.jspecify.annotations.Nullable;

/**
 * A record at the door: its original bytes, and either what it comes in as or why it is refused. Confined to the stream thread
 * that reads it.
 */
final class Arrival<V> {
    private final byte @Nullable [] bytes;
    private final @Nullable V value;
    private final long eventTime;
    private @Nullable Refusal refusal;
    private long timestamp = -1;
    private boolean keyReadable;

    private Arrival(byte @Nullable [] bytes, @Nullable V value, long eventTime, @Nullable Refusal refusal) {
        this.bytes = bytes;
        this.value = value;
        this.eventTime = eventTime;
        this.refusal = refusal;
    }

    /** Comes in, with its event time in milliseconds since the epoch. */
    static <V> Arrival<V> admitted(byte[] bytes, V value, long eventTime) {
        return new Arrival<>(bytes, value, eventTime, null);
    }

    /** Comes in as the deletion of its key; it happened when the record says so. */
    static <V> Arrival<V> deletion() {
        return new Arrival<>(null, null, -1, null);
    }

    static <V> Arrival<V> refused(byte @Nullable [] bytes, Refusal refusal) {
        return new Arrival<>(bytes, null, -1, refusal);
    }

    void refuse(Refusal why) {
        refusal = why;
    }

    /** Tells the timestamp that the record came with, in milliseconds since the epoch; -1 if none. And whether its key is one. */
    void cameWith(long recordTimestamp, boolean readableKey) {
        timestamp = recordTimestamp;
        keyReadable = readableKey;
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
    Refusal refusal() {
        return refusal;
    }

    /** The timestamp the record came with, in milliseconds since the epoch; -1 if none. */
    long timestamp() {
        return timestamp;
    }

    /** When it happened, in milliseconds since the epoch; -1 if that is not known. */
    long eventTime() {
        return value == null ? timestamp : eventTime;
    }
}
