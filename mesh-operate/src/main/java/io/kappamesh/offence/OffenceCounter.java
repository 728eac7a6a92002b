package io.kappamesh.offence;

import io.kappamesh.Internal;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.contract.ProductName;
import io.kappamesh.discovery.ShownKey;
import io.kappamesh.generation.Generation;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts what a candidate refuses by rules, and what of it the serving generation takes: by topic, partition and offset of the record that was refused. So a rule that is
 * tightened shows its offenders before it holds for anybody. One thread at a time.
 */
@Internal
public final class OffenceCounter {
    private static final Duration GLANCE = Duration.ofMillis(100);
    /** So many records are remembered of those that are refused today; the rest counts as fresh. */
    private static final int MOST = 1_000_000;

    private record Rule(String topic, String name) {}

    private record Offender(Rule rule, int partition, long offset) {}

    private static final class Count {
        long fresh;
        long refused;
        boolean firstIsFresh;
        Optional<DeadLetter> first = Optional.empty();
    }

    private final Admin admin;
    private final Settings settings;

    public OffenceCounter(Admin admin, Settings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * What stands in the dead letters of both now, by topic and rule.
     *
     * @param candidate its number
     */
    public List<RuleOffence> of(ProductName product, int candidate) throws ExecutionException, InterruptedException {
        String letters = product.deadLetterTopic();
        Set<Offender> today = new HashSet<>();
        read(
                letters,
                letter -> offender(letter).filter(one -> today.size() < MOST).ifPresent(today::add));
        Map<Rule, Count> counts = new HashMap<>();
        read(
                new Generation(product, candidate).shadowOf(letters),
                letter -> offender(letter)
                        .ifPresent(one -> note(
                                letter,
                                !today.contains(one),
                                counts.computeIfAbsent(one.rule(), rule -> new Count()))));
        Map<String, InputDescription> inputs = counts.isEmpty() ? Map.of() : inputs(product);
        List<RuleOffence> found = new ArrayList<>();
        counts.forEach((rule, count) -> count.first.ifPresent(letter -> found.add(new RuleOffence(
                rule.topic(),
                rule.name(),
                count.fresh,
                count.refused,
                key(letter, inputs),
                letter.partition(),
                letter.offset()))));
        found.sort((one, other) -> {
            int byTopic = one.topic().compareTo(other.topic());
            return byTopic != 0 ? byTopic : one.rule().compareTo(other.rule());
        });
        return found;
    }

    private static Optional<Offender> offender(DeadLetter letter) {
        return Optional.of(letter)
                .filter(one -> one.reason() == Reason.QUALITY)
                .flatMap(DeadLetter::rule)
                .map(rule -> new Offender(new Rule(letter.topic(), rule), letter.partition(), letter.offset()));
    }

    private static void note(DeadLetter letter, boolean isFresh, Count count) {
        count.refused++;
        count.fresh += isFresh ? 1 : 0;
        if (count.first.isEmpty() || (isFresh && !count.firstIsFresh)) {
            count.first = Optional.of(letter);
            count.firstIsFresh = isFresh;
        }
    }

    /** The inputs by topic, as the catalogue has them; none where it cannot be read. */
    private Map<String, InputDescription> inputs(ProductName product) throws InterruptedException {
        Map<String, InputDescription> inputs = new TreeMap<>();
        try {
            DeployedProduct.read(admin, settings.client(), product).stream()
                    .flatMap(known -> known.inputs().stream())
                    .forEach(input -> inputs.put(input.topic(), input));
        } catch (KafkaException unread) {
            return Map.of();
        }
        return inputs;
    }

    private static String key(DeadLetter letter, Map<String, InputDescription> inputs) {
        return Optional.ofNullable(inputs.get(letter.topic()))
                .map(input -> ShownKey.of(
                        letter.key(),
                        input.needs(),
                        Stream.ofNullable(input.needs().schema())
                                .flatMap(text -> FieldMeaning.parsed(text).stream())
                                .toList()))
                .orElse("***");
    }

    private void read(String topic, Consumer<DeadLetter> to) throws ExecutionException, InterruptedException {
        if (!TopicAdmin.exists(admin, topic)) {
            return;
        }
        Map<TopicPartition, Long> open = new HashMap<>(TopicEnds.committed(admin, List.of(topic)));
        try (KafkaConsumer<byte[], byte[]> consumer = CommittedReaders.consumer(settings.client())) {
            consumer.assign(open.keySet());
            consumer.seekToBeginning(open.keySet());
            while (true) {
                open.entrySet().removeIf(one -> consumer.position(one.getKey()) >= one.getValue());
                if (open.isEmpty()) {
                    return;
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(GLANCE)) {
                    letter(record).ifPresent(to);
                }
            }
        }
    }

    private static Optional<DeadLetter> letter(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(DeadLetter.of(record));
        } catch (IllegalArgumentException somebodyElses) {
            return Optional.empty();
        }
    }
}
