package io.kappamesh.ingest;

import io.kappamesh.brokers.InputReach;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.MergedRows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * For how long the port's topic keeps records: brokers delete those of an earlier event time, whenever they were written. Immutable.
 *
 * @param where what messages begin with
 * @param retention of the topic; empty = for ever, or as long as is declared
 * @param handOver from which event time on rows are not written; null = all are
 * @param from the earliest event time that is kept, in milliseconds since the epoch
 */
record Kept(
        String where,
        Optional<Duration> retention,
        @Nullable Instant handOver,
        long from) {

    /** As the topic is now. */
    static Kept of(Admin admin, IngestOptions<?> options) throws ExecutionException, InterruptedException {
        String topic = options.port().topic();
        Optional<Duration> retention = options.files().takesExpired()
                ? Optional.empty()
                : Optional.ofNullable(
                        InputReach.retentions(admin, List.of(topic)).get(topic));
        return new Kept(
                options.where(),
                retention,
                options.handOver(),
                retention.map(kept -> Instant.now().minus(kept).toEpochMilli()).orElse(Long.MIN_VALUE));
    }

    /**
     * Looks at a row before it is written.
     *
     * @throws LifecycleException when brokers would delete it
     */
    void require(MergedRows.Next next) {
        JudgedRow row = next.row();
        if (retention.isEmpty() || row == null || row.refusal() != null || Math.max(0, row.time()) >= from) {
            return;
        }
        if (handOver != null && row.time() >= handOver.toEpochMilli()) {
            return;
        }
        throw new LifecycleException(
                ExitCode.CONTRACT,
                where + "its topic keeps records for " + words(retention.get()) + ", and row " + row.number()
                        + " of file "
                        + next.file().file().name()
                        + " is older, so that brokers would delete it. Nothing was written from"
                        + " this row on; --check counts such rows. Raise the topic's retention.ms (with keptFor(…) of the port),"
                        + " leave such rows out, or write them all the same with allowExpired() (--allow-expired)");
    }

    private static String words(Duration time) {
        return time.toDays() > 1 ? time.toDays() + " days" : time.toString();
    }
}
