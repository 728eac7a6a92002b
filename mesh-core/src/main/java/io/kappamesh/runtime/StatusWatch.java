package io.kappamesh.runtime;

import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls listeners when a status has changed. Lag, brokers and other processes change a state without an event, so one thread polls for all
 * listeners. Start it once and close it once.
 */
final class StatusWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWatch.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    private record Subject(String product, Optional<Generation> generation) {}

    private record Condition(
            ProductState state, Optional<Role> role, Optional<String> waitingFor, Optional<String> failure) {
        static Condition of(ProductStatus status) {
            return new Condition(status.state(), status.role(), status.waitingFor(), status.failure());
        }
    }

    private final Supplier<List<ProductStatus>> products;
    private final List<ProductListener> listeners;
    private final Map<Subject, Condition> known = new HashMap<>();
    private final ScheduledExecutorService poller =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "mesh-listeners"));

    StatusWatch(Supplier<List<ProductStatus>> products, List<ProductListener> listeners) {
        this.products = products;
        this.listeners = List.copyOf(listeners);
    }

    void start() {
        if (!listeners.isEmpty()) {
            var unused = poller.scheduleWithFixedDelay(this::poll, 0, POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void poll() {
        for (ProductStatus status : products.get()) {
            Condition now = Condition.of(status);
            Subject subject = new Subject(status.product().toString(), status.generation());
            if (!now.equals(known.put(subject, now))) {
                listeners.forEach(listener -> call(listener, status));
            }
        }
    }

    private static void call(ProductListener listener, ProductStatus status) {
        try {
            listener.onChange(status);
        } catch (RuntimeException theirs) {
            LOG.error("{}: a listener failed", status.product(), theirs);
        }
    }

    /** Polls once more, so that listeners see the last status. */
    @Override
    public void close() {
        if (!listeners.isEmpty()) {
            poller.execute(this::poll);
        }
        poller.shutdown();
    }
}
