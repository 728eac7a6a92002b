package io.kappamesh.system;

import org.apache.avro.specific.SpecificRecord;

/**
 * A good record that is about to be written.
 *
 * @param partition where it belongs by its key
 * @param timestamp its event time, in milliseconds since the epoch
 * @param newest the newest event time that the partition holds, -1 while it is empty
 * @param key as it is sent
 * @param value as it is sent
 * @param event what the value says
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sound<V extends SpecificRecord>(
        String topic, int partition, long timestamp, long newest, byte[] key, byte[] value, V event) {}
