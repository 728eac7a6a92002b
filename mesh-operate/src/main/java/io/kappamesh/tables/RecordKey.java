package io.kappamesh.tables;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Keys as the tables have them: the partition in 4 bytes big-endian, then the record's key. They sort by partition, then key. */
final class RecordKey {
    private RecordKey() {}

    static byte[] of(int partition, byte[] key) {
        return ByteBuffer.allocate(Integer.BYTES + key.length)
                .putInt(partition)
                .put(key)
                .array();
    }

    static int partition(byte[] recordKey) {
        return ByteBuffer.wrap(recordKey).getInt();
    }

    /** The same of a buffer, from its position on, which stays where it is. */
    static int partition(ByteBuffer recordKey) {
        return recordKey.getInt(recordKey.position());
    }

    static byte[] key(byte[] recordKey) {
        return Arrays.copyOfRange(recordKey, Integer.BYTES, recordKey.length);
    }
}
