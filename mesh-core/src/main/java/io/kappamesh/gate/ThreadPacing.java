package io.kappamesh.gate;

import io.kappamesh.topology.CommitPacing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a stream thread commits; not at all where nothing was handled. Kafka Streams commits at its own, longer interval whatever is decided here.
 *
 * <p>While its product is live: once its interval is over since the last commit, but never before
 * records had {@value #WORK} times the time that the last commit took. So commits take a third of
 * the thread's time at most, however slow the brokers are. But a thread that has waited for records for as long as the last commit took
 * takes that time from nobody, and need not hold back: then it is half of the time at most, and as much of it was idle.
 *
 * <p>While it replays, and keeps state: once processors were called {@value #REPLAY_CALLS} times, and records had {@value #REPLAY_WORK} times the time that the last commit
 * took, and half a second. Rarer commits are slower then: what is not committed yet is kept on the heap, and the garbage collector copies it again
 * and again. A replay without state is left to Kafka Streams.
 *
 * <p>Kafka Streams takes ever fewer records from one look at the clock to the next if it commits at every look, and does not poll as
 * long as it has records: without time for work between commits it ends up at one record per commit. Confined to its thread, but for {@link #lasts}.
 */
final class ThreadPacing implements CommitPacing.Pace {
    /** How much longer than a commit the work between two of them is at least. */
    private static final int WORK = 2;

    private static final int REPLAY_WORK = 10;
    private static final Duration REPLAY_INTERVAL = Duration.ofMillis(500);
    /** How often processors are called until it matters what is staged; a record calls several. */
    private static final int REPLAY_CALLS = 40_000;
    /** Reading the clock costs as much as a quick processor. */
    private static final int LOOK_EVERY = 16;
    /** A poll that does not wait takes less, but for the largest ones. */
    private static final long WAITING_NANOS = 1_000_000;

    private final long interval;
    private final long replayInterval;
    private final long longest;
    private final boolean stateful;
    private final BooleanSupplier live;
    private final LongSupplier nanos;
    private final Map<TaskId, ProcessingContext> tasks = new HashMap<>();
    /** When the interval is over, and when records have had their time too. */
    private long soonest;

    private long latest;
    /** When a commit is due in a replay. */
    private long replayed;

    private long lastCost;
    private long waited;
    private long polling;
    private long committed;
    private boolean dirty;
    private boolean asked;
    private volatile @Nullable Long began;
    private int handled;

    /**
     * @param interval between two commits at least
     * @param longest between two commits at most, as far as it is decided here
     * @param stateful whether the product keeps state
     * @param live whether results are to be visible soon; if not, the product replays
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    ThreadPacing(Duration interval, Duration longest, boolean stateful, BooleanSupplier live, LongSupplier nanos) {
        this.interval = interval.toNanos();
        this.longest = Math.max(this.interval, longest.toNanos());
        this.replayInterval = Math.min(this.longest, Math.max(this.interval, REPLAY_INTERVAL.toNanos()));
        this.stateful = stateful;
        this.live = live;
        this.nanos = nanos;
        this.soonest = nanos.getAsLong();
        this.latest = soonest;
        this.replayed = soonest + replayInterval;
        this.committed = soonest;
    }

    void open(ProcessingContext task) {
        tasks.put(task.taskId(), task);
    }

    @Override
    public void closed(TaskId task) {
        tasks.remove(task);
    }

    @Override
    public void worked() {
        dirty = true;
        handled++;
        if (handled % LOOK_EVERY == 0) {
            look();
        }
    }

    /** Asks for a commit if it is time: to be called again and again. That a commit is asked for twice does no harm. */
    void look() {
        if (!dirty) {
            return;
        }
        long now = nanos.getAsLong();
        // A replay commits no earlier than what is live; whether it replays takes longer to find out than the time.
        if (leftWhileLive(now) <= 0 && left(now) <= 0) {
            if (!asked) {
                asked = true;
                begin();
            }
            tasks.values().forEach(ProcessingContext::commit);
        }
    }

    /** For how long the thread may wait for records at most, so that a commit is not late. */
    Duration wait(Duration atMost) {
        if (!dirty || asked) {
            return atMost;
        }
        Duration left = Duration.ofNanos(Math.max(0, left(nanos.getAsLong())));
        return left.compareTo(atMost) < 0 ? left : atMost;
    }

    /** The thread asks for records. */
    void polls() {
        polling = nanos.getAsLong();
    }

    /** The thread has its answer: what took so long that it must have waited counts as waiting, from the last commit on. */
    void polled() {
        long took = nanos.getAsLong() - Math.max(polling, committed);
        if (took >= WAITING_NANOS) {
            waited += took;
        }
    }

    /** How long it is until a commit is due if the thread waits for records until then, in nanoseconds; 0 and less = it is due. */
    private long left(long now) {
        if (!live.getAsBoolean()) {
            return stateful && handled >= REPLAY_CALLS ? replayed - now : Long.MAX_VALUE;
        }
        return leftWhileLive(now);
    }

    private long leftWhileLive(long now) {
        return Math.min(latest - now, Math.max(soonest - now, lastCost - waited));
    }

    /** A commit begins, be it asked for here or not. What was begun already goes on. */
    void begin() {
        if (began == null) {
            began = nanos.getAsLong();
        }
    }

    /** For how long the commit lasts that is under way; zero = none is. For any thread. */
    Duration lasts() {
        Long from = began;
        return from == null ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - from);
    }

    /** All that was handled so far is committed. */
    void committed() {
        long now = nanos.getAsLong();
        lastCost = lasts().toNanos();
        soonest = now + interval;
        latest = now + Math.min(longest, Math.max(interval, WORK * lastCost));
        replayed = now + Math.min(longest, Math.max(replayInterval, REPLAY_WORK * lastCost));
        waited = 0;
        committed = now;
        aborted();
    }

    /** All that was handled since the last commit is taken back: there is nothing to commit. */
    void aborted() {
        dirty = false;
        handled = 0;
        asked = false;
        began = null;
    }
}
