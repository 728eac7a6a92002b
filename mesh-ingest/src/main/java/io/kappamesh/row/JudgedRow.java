package io.kappamesh.row;

import io.kappamesh.archive.RowPosition;
import io.kappamesh.intake.RecordTrial;
import org.jspecify.annotations.Nullable;

/**
 * A row as a record of the port, or why it is none.
 *
 * @param number in its file, from 1
 * @param row its bytes in the file; empty = it is a record
 * @param key of the record; null = it is refused
 * @param value of the record; null = it is refused
 * @param time the event time in milliseconds since the epoch; -1 = it is refused, or rows have none
 * @param refusal null = it is a record
 * @param end the place behind it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record JudgedRow(
        long number,
        byte[] row,
        byte @Nullable [] key,
        byte @Nullable [] value,
        long time,
        RecordTrial.@Nullable Refusal refusal,
        RowPosition end) {}
