package io.kappamesh.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.console.demo.WorkedProduct;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks once a second at what processes say of the worked products and at what brokers hold of them: for how long somebody was {@code LIVE}
 * while more was outstanding than its lag, or claimed a lag that it did not have; and how fast the generations that serve commit.
 */
final class ProductWatch implements AutoCloseable {
    /** With which a process may read ahead of what it has committed, and what may come between two questions. */
    private static final long IN_HAND = 4_000;

    private static final int BRIEFLY_MILLIS = 3_000;

    private final Admin admin;
    private final WorkedDomains domains;
    private final Map<TopicPartition, OffsetSpec> inputs = new HashMap<>();
    private final Map<String, Long> wrongSince = new HashMap<>();
    private final Map<String, Double> longest = new TreeMap<>();
    private final Map<String, String> worst = new TreeMap<>();
    private final Map<String, Deque<Look>> looks = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "product-watch");
    private int seconds;
    private int unknown;

    /** What was there of a generation that serves, at a time in nanoseconds. */
    private record Look(long nanos, long ends, long committed) {}

    ProductWatch(Admin admin, WorkedDomains domains) throws ExecutionException, InterruptedException {
        this.admin = admin;
        this.domains = domains;
        Set<String> topics = new HashSet<>();
        for (WorkedProduct product : WorkedProduct.of(WorkedDomains.NAMES)) {
            topics.addAll(product.inputs());
        }
        admin.describeTopics(topics)
                .allTopicNames()
                .get()
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(one ->
                                inputs.put(new TopicPartition(topic.name(), one.partition()), OffsetSpec.latest())));
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (!closed.await(1, TimeUnit.SECONDS)) {
                seconds++;
                try {
                    look();
                } catch (ExecutionException brokersAreAway) {
                    // Whoever does not know the truth cannot say that somebody lies.
                    unknown++;
                    wrongSince.clear();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            faults.add("the watch failed: " + failed);
        }
    }

    /** In this order, so that what is outstanding is at most what was when the process answered. */
    private void look() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(inputs, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(BRIEFLY_MILLIS))
                .all()
                .get()
                .forEach((partition, info) -> ends.put(partition, info.offset()));
        for (String domain : WorkedDomains.NAMES) {
            for (JsonNode said : domains.products(domain)) {
                int generation = said.path("generation").asInt();
                if (generation > 0) {
                    judge(said, said.path("name").asText(), generation, ends);
                }
            }
        }
    }

    private void judge(JsonNode said, String product, int generation, Map<TopicPartition, Long> ends)
            throws ExecutionException, InterruptedException {
        long end = 0;
        long committed = 0;
        Map<TopicPartition, Long> offsets = committed(product + ".g" + generation);
        for (Map.Entry<TopicPartition, Long> one : ends.entrySet()) {
            if (inputsOf(product).contains(one.getKey().topic())) {
                end += one.getValue();
                committed += offsets.getOrDefault(one.getKey(), 0L);
            }
        }
        String who = product + ".g" + generation;
        long lag = said.path("lagRecords").asLong();
        long outstanding = end - committed;
        String state = said.path("state").asText();
        note("LIVE with too small a lag", who, state.equals("LIVE") && outstanding > lag + IN_HAND, lag, outstanding);
        note("LIVE with too large a lag", who, state.equals("LIVE") && lag > outstanding + IN_HAND, lag, outstanding);
        if (said.path("role").asText().equals("SERVING")) {
            Deque<Look> some = looks.computeIfAbsent(product, first -> new ArrayDeque<>());
            synchronized (some) {
                some.add(new Look(System.nanoTime(), end, committed));
            }
        }
    }

    private void note(String what, String who, boolean wrong, long lag, long outstanding) {
        String key = what + ": " + who;
        if (!wrong) {
            wrongSince.remove(key);
            return;
        }
        long since = wrongSince.computeIfAbsent(key, first -> System.nanoTime());
        double lasted = (System.nanoTime() - since) / 1e9;
        if (lasted >= longest.getOrDefault(what, 0.0)) {
            longest.put(what, lasted);
            worst.put(what, who + " said " + lag + " while " + outstanding + " were outstanding");
        }
    }

    private Map<TopicPartition, Long> committed(String group) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().timeoutMs(BRIEFLY_MILLIS))
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> offsets.put(partition, offset == null ? 0 : offset.offset()));
        return offsets;
    }

    private static List<String> inputsOf(String product) {
        for (WorkedProduct one : WorkedProduct.of(WorkedDomains.NAMES)) {
            if (one.product().equals(product)) {
                return one.inputs();
            }
        }
        throw new IllegalArgumentException(product);
    }

    /**
     * Which products do not keep up, with the records a second that came and that were committed lately; a product that has less
     * outstanding than comes in two seconds keeps up.
     */
    Map<String, String> behind(Duration lately) {
        Map<String, String> behind = new LinkedHashMap<>();
        for (WorkedProduct product : WorkedProduct.of(WorkedDomains.NAMES)) {
            Deque<Look> some = looks.getOrDefault(product.product(), new ArrayDeque<>());
            synchronized (some) {
                if (some.size() < 2) {
                    behind.put(product.product(), "nobody looked");
                    continue;
                }
                Look last = some.getLast();
                Look first = some.stream()
                        .filter(one -> last.nanos() - one.nanos() <= lately.toNanos())
                        .findFirst()
                        .orElse(last);
                double time = Math.max(1e-9, (last.nanos() - first.nanos()) / 1e9);
                double came = (last.ends() - first.ends()) / time;
                double done = (last.committed() - first.committed()) / time;
                long outstanding = last.ends() - last.committed();
                boolean fresh = System.nanoTime() - last.nanos() < lately.toNanos();
                if (!fresh || (done < came && outstanding > 2 * came)) {
                    behind.put(
                            product.product(),
                            "%.0f/s came, %.0f/s were committed, %d outstanding".formatted(came, done, outstanding));
                }
            }
        }
        return behind;
    }

    /** For how many seconds at most something was said that was not so, by what it was. */
    Map<String, Double> longestLies() {
        return Map.copyOf(longest);
    }

    String summary() {
        return seconds + " looks, " + unknown + " without an answer of brokers; for how many seconds at most: "
                + longest + ", the worst " + worst + faults;
    }

    /** Asks no more. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (!faults.isEmpty()) {
            throw new AssertionError(faults);
        }
    }
}
