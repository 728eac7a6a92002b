package io.kappamesh.feed;

import io.kappamesh.tables.LatestRecords;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Keeps the corrections of a promotion together. They are one transaction over all partitions, and become readable in one partition after the
 * other. Once one of them can be read the transaction is committed, so that all of its records lie before the ends that the partitions have by then;
 * what is read up to there is written at once. One thread at a time.
 */
public final class CorrectionBarrier {
    private final SourceTopic topic;
    private Optional<Map<Integer, Long>> ends = Optional.empty();

    public CorrectionBarrier(SourceTopic topic) {
        this.topic = topic;
    }

    /** Is shown each record. */
    public void meet(ConsumerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        if (record.headers().lastHeader(LatestRecords.CORRECTION_HEADER) == null) {
            return;
        }
        boolean inside = ends.filter(known -> record.offset() < known.getOrDefault(record.partition(), 0L))
                .isPresent();
        if (!inside) {
            ends = Optional.of(topic.written());
        }
    }

    /** Whether what was read up to these positions holds no part of a transaction of corrections. */
    public boolean isPassed(Map<Integer, Long> positions) {
        boolean passed = ends.stream()
                .flatMap(known -> known.entrySet().stream())
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
        if (passed) {
            ends = Optional.empty();
        }
        return passed;
    }
}
