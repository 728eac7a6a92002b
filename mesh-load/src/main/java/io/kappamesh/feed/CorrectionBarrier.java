package io.kappamesh.feed;

import io.kappamesh.tables.LatestRecords;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Keeps the corrections of a promotion together. They are one transaction over all partitions, and become readable in one partition after the
 * other. Once one of them can be read the transaction is committed, so that all of its records lie before the ends that the partitions have by then;
 * what is read up to there is written at once.
 *
 * <p>A transaction that is open when the ends are asked for may lie on both sides of them. All of it lies behind what is committed by then, so that a
 * correction from there has the ends asked for again. One thread at a time.
 */
public final class CorrectionBarrier {
    private final Ends topic;
    private Map<Integer, Long> ends = Map.of();
    private Map<Integer, Long> whole = Map.of();

    /** Where a topic's partitions end. */
    public interface Ends {
        /** Where what is committed ends: no transaction before it is open. */
        Map<Integer, Long> committed() throws ExecutionException, InterruptedException;

        /** Where what is written ends, be it committed or not. */
        Map<Integer, Long> written() throws ExecutionException, InterruptedException;
    }

    public CorrectionBarrier(Ends topic) {
        this.topic = topic;
    }

    /** Is shown each record. */
    public void meet(ConsumerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        if (record.headers().lastHeader(LatestRecords.CORRECTION_HEADER) == null
                || record.offset() < whole.getOrDefault(record.partition(), 0L)) {
            return;
        }
        // In this order: the transactions below are over, and so all of their records lie before the ends.
        Map<Integer, Long> committed = topic.committed();
        ends = topic.written();
        whole = committed;
    }

    /** Whether what was read up to these positions, the next offset of each partition, holds no part of a transaction of corrections. */
    public boolean isPassed(Map<Integer, Long> positions) {
        boolean passed =
                ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
        if (passed) {
            ends = Map.of();
        }
        return passed;
    }
}
