package io.kappamesh.tables;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The latest record of one key: its value, or that it was deleted, and when.
 *
 * @param offset of the record in its partition
 * @param timestamp of the record, in milliseconds since 1970 in UTC
 * @param correction whether the record was written by a promotion, and not by the product itself: it has the header {@value
 *     LatestRecords#CORRECTION_HEADER}
 * @param value the value as it was written; null = the record deletes the key. Nobody changes the array
 */
@SuppressWarnings("ArrayRecordComponent") // millions of them pass through, none is a key of anything
public record Latest(long offset, long timestamp, boolean correction, byte @Nullable [] value) {
    private static final int HEADER_BYTES = Long.BYTES + Long.BYTES + 1;
    private static final int CORRECTION = 1;
    private static final int DELETION = 2;

    /** The value of a record that may not be there. */
    public static byte @Nullable [] valueOf(@Nullable Latest record) {
        return record == null ? null : record.value();
    }

    /** Whether a record is there and has a value. */
    public static boolean hasValue(@Nullable Latest record) {
        return valueOf(record) != null;
    }

    /** Big-endian offset and timestamp, one byte of flags, the value. */
    byte[] toBytes() {
        byte[] kept = value == null ? new byte[0] : value;
        return ByteBuffer.allocate(HEADER_BYTES + kept.length)
                .putLong(offset)
                .putLong(timestamp)
                .put((byte) ((correction ? CORRECTION : 0) | (value == null ? DELETION : 0)))
                .put(kept)
                .array();
    }

    static Latest of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    /** Of a buffer from its position on, which stays where it is. */
    static Latest of(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate(); // of the same order as all buffers that are made: big-endian
        long offset = in.getLong();
        long timestamp = in.getLong();
        byte flags = in.get();
        byte[] value = new byte[in.remaining()];
        in.get(value);
        return new Latest(offset, timestamp, (flags & CORRECTION) != 0, (flags & DELETION) != 0 ? null : value);
    }

    /** Whether two say the same to the byte, their timestamps and whether they are corrections included; offsets do not count. */
    static boolean areSame(ByteBuffer one, ByteBuffer other) {
        int length = one.remaining() - Long.BYTES;
        return length == other.remaining() - Long.BYTES
                && one.slice(one.position() + Long.BYTES, length)
                                .mismatch(other.slice(other.position() + Long.BYTES, length))
                        < 0;
    }

    static boolean isDeletion(ByteBuffer one) {
        return (one.get(one.position() + HEADER_BYTES - 1) & DELETION) != 0;
    }
}
