package io.kappamesh.replay;

import java.nio.ByteBuffer;

/**
 * The latest record of one key.
 *
 * @param offset of the record in its partition
 * @param timestamp of the record, in milliseconds since 1970 in UTC
 * @param correction whether the record was written by a promotion, and not by the product itself: it has the header {@value
 *     LatestRecords#CORRECTION_HEADER}
 * @param value the value as it was written; nobody changes the array
 */
@SuppressWarnings("ArrayRecordComponent") // millions of them pass through, none is a key of anything
record Latest(long offset, long timestamp, boolean correction, byte[] value) {
    private static final int HEADER_BYTES = Long.BYTES + Long.BYTES + 1;

    /** Big-endian offset and timestamp, one byte for the correction, the value. */
    byte[] toBytes() {
        return ByteBuffer.allocate(HEADER_BYTES + value.length)
                .putLong(offset)
                .putLong(timestamp)
                .put((byte) (correction ? 1 : 0))
                .put(value)
                .array();
    }

    static Latest of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long offset = in.getLong();
        long timestamp = in.getLong();
        boolean correction = in.get() != 0;
        byte[] value = new byte[in.remaining()];
        in.get(value);
        return new Latest(offset, timestamp, correction, value);
    }
}
