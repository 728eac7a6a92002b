package io.kappamesh.system;

import io.kappamesh.console.demo.EventFeed;
import io.kappamesh.tpch.TpchEvents;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** Live events without an end: the same again and again, which changes nothing but keeps everybody at work. */
final class SteadyFeed implements AutoCloseable {
    private static final double PER_SECOND = 300;

    private final TestPlatform platform;
    private final TpchEvents events;
    private final Thread thread = new Thread(this::write, "steady-feed");
    private volatile boolean last;

    SteadyFeed(TestPlatform platform, TpchEvents events) {
        this.platform = platform;
        this.events = events;
        thread.start();
    }

    private void write() {
        do {
            feed(Optional.of(PER_SECOND)).join();
        } while (!last);
    }

    private CompletableFuture<Void> feed(Optional<Double> rate) {
        return new EventFeed(platform.processes().bootstrapServers(), platform.registry())
                .start(events, rate, new LongAdder());
    }

    /** Writes what is left, and all of it once at least. */
    void finish() throws InterruptedException {
        last = true;
        feed(Optional.empty()).join();
        thread.join();
    }

    @Override
    public void close() {
        last = true;
    }
}
