package io.kappamesh.gate;

import io.kappamesh.topology.CommitPacing;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** Paces the commits of one generation: each of its stream threads for itself, because each has transactions of its own. Thread-safe. */
public final class LivePacing implements CommitPacing {
    private final ThreadLocal<ThreadPacing> threads;
    private final Set<ThreadPacing> all = ConcurrentHashMap.newKeySet();
    private volatile boolean stateful;

    /**
     * @param interval how soon results become visible while live
     * @param longest how often Kafka Streams commits by itself; at least the interval
     * @param live whether the product is live now; asked by all stream threads
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    public LivePacing(Duration interval, Duration longest, BooleanSupplier live, LongSupplier nanos) {
        this.threads = ThreadLocal.withInitial(() -> {
            ThreadPacing one = new ThreadPacing(interval, longest, stateful, live, nanos);
            all.add(one);
            return one;
        });
    }

    /** The generation keeps state, so that its replays commit more often; to be said before its threads start. */
    public void stateful() {
        stateful = true;
    }

    /** The pacing of the stream thread that asks. */
    ThreadPacing here() {
        return threads.get();
    }

    /** The stream thread that says so ends. */
    void ends() {
        all.remove(here());
        threads.remove();
    }

    /** For how long the commit lasts that has been under way for longest; zero = none is. */
    public Duration lasts() {
        return all.stream().map(ThreadPacing::lasts).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    @Override
    public Pace opened(ProcessingContext task) {
        ThreadPacing here = here();
        here.open(task);
        return here;
    }
}
