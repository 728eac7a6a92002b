package io.kappamesh.catalog;

import io.kappamesh.contract.ProductName;
import io.kappamesh.level.Counts;
import io.kappamesh.level.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a process writes into the catalogue of one domain, and when: what has changed, at a bounded pace, and now and then that it is
 * still there. Sends nothing itself. Not thread-safe.
 */
final class Announcements {
    /** How often a process says at the least that it is there. */
    static final Duration HEARTBEAT = Duration.ofSeconds(30);

    /** How often figures are written that change all the time. */
    static final Duration BETWEEN_FIGURES = Duration.ofSeconds(10);

    /** In case that the topic keeps nothing forever, although it should. */
    static final Duration BETWEEN_DESCRIPTIONS = Duration.ofDays(1);

    /** Who has been silent for so long is gone for good, or writes again. */
    static final Duration GONE = Duration.ofMinutes(10);

    private static final Duration LONGEST_WINDOW = Duration.ofDays(Objective.LONGEST + 1L);

    private record Said<T>(T what, Instant at) {}

    /** Who counts of the levels of service of a product: what each has counted stays. */
    private record Counter(ProductName product, String name) {
        String key() {
            return CatalogRecords.levelsKey(product, name);
        }

        ProducerRecord<byte[], byte[]> say(Counts counts) {
            return CatalogRecords.of(new MeasuredLevels(product.toString(), name, counts));
        }
    }

    private final String process;
    private final Map<ProductName, Said<ProductDescription>> described = new HashMap<>();
    private final Map<ProductName, Said<ProcessState>> states = new HashMap<>();
    private final Map<Counter, Said<List<Counts.Count>>> levels = new HashMap<>();
    private final Map<Counter, Counts> counted = new HashMap<>();
    private final Set<ProductName> serving = new HashSet<>();
    private final Set<ProductName> known = new HashSet<>();

    /** @param process a name that no other process has */
    Announcements(String process) {
        this.process = process;
    }

    /** Takes note of what stood in the topic at the start, and clears away what processes of these products have left that died. */
    List<ProducerRecord<byte[], byte[]>> begin(CatalogSnapshot there, List<Publication> products, Instant now) {
        known.addAll(there.descriptions().keySet());
        Set<ProductName> own = new HashSet<>();
        products.forEach(one -> own.add(one.description().name()));
        Stream<ProducerRecord<byte[], byte[]>> outdated = there.levels().stream()
                .filter(one -> own.contains(one.name())
                        && Duration.between(one.counts().at(), now).compareTo(LONGEST_WINDOW) > 0)
                .map(one -> CatalogRecords.deletion(one.name(), CatalogRecords.levelsKey(one.name(), one.process())));
        Stream<ProducerRecord<byte[], byte[]>> gone = there.states().stream()
                .filter(one -> own.contains(one.state().name())
                        && Duration.between(one.at(), now).compareTo(GONE) > 0)
                .map(one -> CatalogRecords.deletion(
                        one.state().name(),
                        CatalogRecords.stateKey(one.state().name(), one.state().process())));
        return Stream.concat(gone, outdated).toList();
    }

    /** What is to be written now. */
    List<ProducerRecord<byte[], byte[]>> due(List<Publication> products, Instant now) {
        List<ProducerRecord<byte[], byte[]>> due = new ArrayList<>();
        for (Publication one : products) {
            ProductName product = one.description().name();
            if (isToBeDescribed(product, one, now)) {
                described.put(product, new Said<>(one.description(), now));
                known.add(product);
                due.add(CatalogRecords.of(one.description()));
            }
            ProcessState state = new ProcessState(
                    product.toString(),
                    process,
                    one.state(),
                    one.startedAt().toString(),
                    HEARTBEAT.toSeconds(),
                    one.generations());
            if (isNews(states.get(product), state, now)) {
                states.put(product, new Said<>(state, now));
                due.add(CatalogRecords.of(state));
            }
            one.counts().forEach((name, counts) -> {
                Counter counter = new Counter(product, name);
                counted.put(counter, counts);
                Said<List<Counts.Count>> before = levels.get(counter);
                if (before == null
                        || (!now.isBefore(before.at().plus(HEARTBEAT))
                                && !before.what().equals(counts.counts()))) {
                    levels.put(counter, new Said<>(counts.counts(), now));
                    due.add(counter.say(counts));
                }
            });
        }
        return due;
    }

    /** Who begins to serve describes the product whatever stands there: it may be of the build that served before. */
    private boolean isToBeDescribed(ProductName product, Publication one, Instant now) {
        if (!one.isServing()) {
            serving.remove(product);
            return !known.contains(product);
        }
        boolean begins = serving.add(product);
        Said<ProductDescription> before = described.get(product);
        return begins
                || before == null
                || !before.what().equals(one.description())
                || !now.isBefore(before.at().plus(BETWEEN_DESCRIPTIONS));
    }

    private static boolean isNews(@Nullable Said<ProcessState> before, ProcessState state, Instant now) {
        if (before == null || !before.what().condition().equals(state.condition())) {
            return true;
        }
        Duration since = Duration.between(before.at(), now);
        return since.compareTo(HEARTBEAT) >= 0
                || (since.compareTo(BETWEEN_FIGURES) >= 0 && !before.what().equals(state));
    }

    /** A record with this key was not written: it is due again. */
    void failed(String key) {
        described.keySet().removeIf(one -> CatalogRecords.key(one).equals(key));
        known.removeIf(one -> CatalogRecords.key(one).equals(key));
        states.keySet().removeIf(one -> CatalogRecords.stateKey(one, process).equals(key));
        levels.keySet().removeIf(one -> one.key().equals(key));
    }

    /** What a process takes back that ends in order, and what it has counted until then, which stays. */
    List<ProducerRecord<byte[], byte[]>> leave() {
        List<ProducerRecord<byte[], byte[]>> last = new ArrayList<>();
        states.keySet().forEach(one -> last.add(CatalogRecords.deletion(one, CatalogRecords.stateKey(one, process))));
        counted.forEach((counter, counts) -> last.add(counter.say(counts)));
        states.clear();
        return last;
    }
}
