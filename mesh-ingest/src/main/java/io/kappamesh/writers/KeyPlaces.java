package io.kappamesh.writers;

import io.kappamesh.row.JudgedRow;
import org.apache.kafka.common.utils.Utils;

/** Which partition a key has, and which writer: each partition has one, so that its order is that of the rows. Stateless. */
public final class KeyPlaces {
    private KeyPlaces() {}

    /** As Kafka's own producer places keys; said here so that the counts are those of the topic. */
    static int partition(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    /** Which of several writers writes what a row is; dead letters are the first one's. */
    public static int writer(JudgedRow row, int partitions, int writers) {
        byte[] key = row.key();
        return key == null ? 0 : partition(key, partitions) % writers;
    }
}
