package io.kappamesh.benchmarks.data;

import io.kappamesh.registry.SchemaRegistry;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Order events that come once more, at a fixed rate, until it is closed. They change no order. */
public final class RepeatedEvents implements AutoCloseable {
    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String bootstrapServers;
    private final SchemaRegistry registry;
    private final double scale;
    private final int rate;
    private final Thread writing = new Thread(this::write, "repeated-events");
    private volatile boolean stopping;
    private volatile @Nullable RuntimeException failure;

    private RepeatedEvents(String bootstrapServers, SchemaRegistry registry, double scale, int rate) {
        this.bootstrapServers = bootstrapServers;
        this.registry = registry;
        this.scale = scale;
        this.rate = rate;
    }

    /**
     * @param registry open until this is closed
     * @param rate events a second
     */
    public static RepeatedEvents start(String bootstrapServers, SchemaRegistry registry, double scale, int rate) {
        RepeatedEvents events = new RepeatedEvents(bootstrapServers, registry, scale, rate);
        events.writing.start();
        return events;
    }

    private void write() {
        try (InputWriter writer = new InputWriter(bootstrapServers)) {
            Iterator<OrderEvents.Encoded> events = OrderEvents.encoded(registry, scale);
            long begin = System.nanoTime();
            long sent = 0;
            while (!stopping) {
                long due = (long) ((System.nanoTime() - begin) / 1e9 * rate);
                for (; sent < due; sent++) {
                    events = events.hasNext() ? events : OrderEvents.encoded(registry, scale);
                    writer.send(events.next().record());
                }
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            }
        } catch (RuntimeException failed) {
            failure = failed;
        }
    }

    /** @throws BenchException when events could not be written */
    public void requireComing() {
        if (failure != null) {
            throw new BenchException("events could not be written: " + failure);
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            writing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
