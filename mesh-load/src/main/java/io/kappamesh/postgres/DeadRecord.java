package io.kappamesh.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A record that the table cannot hold.
 *
 * @param partition of the record
 * @param offset of the record
 * @param key null = it has none
 * @param value null = it has none
 * @param reason in plain words, without values of the record
 */
@SuppressWarnings("ArrayRecordComponent") // written once, and never a key of anything
public record DeadRecord(int partition, long offset, byte @Nullable [] key, byte @Nullable [] value, String reason) {}
