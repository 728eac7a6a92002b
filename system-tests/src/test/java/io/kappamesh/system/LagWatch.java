package io.kappamesh.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks processes about once a second what they say of their generations, and brokers what is committed, and remembers who said {@code LIVE}
 * while far more was outstanding than its lag, for longer than any commit or question takes.
 */
final class LagWatch {
    /** With which a process may read ahead of what it has committed. */
    private static final long IN_HAND = 2_000;
    /** Ten seconds in which it hears nothing, and what questions take. */
    private static final Duration TO_NOTICE = Duration.ofSeconds(12);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SoldItemsRun run;
    private final Map<String, Long> wrongSince = new HashMap<>();
    private final List<String> lies = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "lag-watch");
    private final AtomicInteger looks = new AtomicInteger();

    LagWatch(SoldItemsRun run) {
        this.run = run;
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (!closed.await(1, TimeUnit.SECONDS)) {
                for (SoldItemsRun.Instance instance : run.instances()) {
                    look(instance);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** In this order, so that what is outstanding is at most what was when the process answered. */
    private void look(SoldItemsRun.Instance instance) throws InterruptedException {
        try {
            long ends = run.ends();
            List<JsonNode> said = products(new Probe(instance.port()).products().body());
            for (JsonNode one : said) {
                String who = instance.process().name() + " of g"
                        + one.path("generation").asInt();
                boolean live = one.path("state").asText().equals("LIVE");
                long lag = one.path("lagRecords").asLong();
                long outstanding = ends - run.committed(one.path("generation").asInt());
                looks.incrementAndGet();
                if (!live || outstanding <= lag + IN_HAND) {
                    wrongSince.remove(who);
                    continue;
                }
                long since = wrongSince.computeIfAbsent(who, first -> System.nanoTime());
                if (System.nanoTime() - since > TO_NOTICE.toNanos()) {
                    lies.add(who + ": LIVE with a lag of " + lag + " while " + outstanding + " were outstanding");
                }
            }
        } catch (ExecutionException brokersAreAway) {
            // Whoever does not know the truth cannot say that somebody lies.
            wrongSince.clear();
        }
    }

    private static List<JsonNode> products(String body) {
        List<JsonNode> products = new ArrayList<>();
        try {
            if (!body.isEmpty()) {
                JSON.readTree(body).forEach(products::add);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return products;
    }

    /** What was said that was not so. */
    List<String> lies() {
        return List.copyOf(lies);
    }

    /** How often somebody was asked. */
    int looks() {
        return looks.get();
    }

    /** Asks no more. */
    void end() throws InterruptedException {
        closed.countDown();
        thread.join();
    }
}
