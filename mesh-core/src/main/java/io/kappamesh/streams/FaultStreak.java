package io.kappamesh.streams;

import io.kappamesh.inputs.UncommittedRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Faults of the platform that follow each other with no progress between them. A thread that runs again is no progress: it may fail at the
 * same record. Everything that was in hand at a fault has to be committed. Thread-safe.
 */
final class FaultStreak {
    /** Where nothing was in hand, or others hold it by now: how long it has to run without another fault. */
    private static final Duration CALM = Duration.ofSeconds(15);

    private final UncommittedRecords uncommitted;
    private final Clock clock;
    private final Map<TopicPartition, Long> outstanding = new ConcurrentHashMap<>();
    private @Nullable Instant since;
    private Instant last = Instant.MIN;
    private String what = "";
    private boolean hadSome;

    FaultStreak(UncommittedRecords uncommitted, Clock clock) {
        this.uncommitted = uncommitted;
        this.clock = clock;
    }

    /**
     * Takes note of a fault.
     *
     * @param running whether everything runs but for this
     * @param words what it was, without values of records
     * @return since when there have been faults without progress
     */
    synchronized Instant fault(boolean running, String words) {
        endIfOver(running);
        last = clock.instant();
        what = words;
        Instant began = since;
        if (began == null) {
            began = last;
            since = began;
        }
        outstanding.putAll(uncommitted.now());
        hadSome |= !outstanding.isEmpty();
        return began;
    }

    /** What goes wrong, in words; empty = nothing. */
    synchronized Optional<String> trouble(boolean running) {
        endIfOver(running);
        return since == null ? Optional.empty() : Optional.of(what);
    }

    /** For how long it has gone wrong; zero = it does not. */
    synchronized Duration lasts(boolean running) {
        endIfOver(running);
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    private void endIfOver(boolean running) {
        if (since == null) {
            return;
        }
        outstanding.entrySet().removeIf(one -> uncommitted.isCommitted(one.getKey(), one.getValue()));
        boolean calm = running
                && Duration.between(last, clock.instant()).compareTo(CALM) >= 0
                && outstanding.keySet().stream().noneMatch(uncommitted::isHeld);
        if (calm || (hadSome && outstanding.isEmpty())) {
            since = null;
            hadSome = false;
            outstanding.clear();
        }
    }
}
