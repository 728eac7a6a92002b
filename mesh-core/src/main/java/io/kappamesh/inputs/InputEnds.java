package io.kappamesh.inputs;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks brokers where the inputs end that this process holds: once a second, one request to each of their leaders for all products. A consumer learns that only
 * when it polls and is answered, which it does not do while a commit takes long or a broker is away. Thread-safe.
 */
public final class InputEnds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InputEnds.class);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
    private static final Duration TO_ANSWER = Duration.ofSeconds(5);

    private final Admin admin;
    private final Set<InputProgress> told = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::ask, "mesh-input-ends");
    /** What is not answered yet. A leader that is away holds up its own partitions only. Of the thread. */
    private final Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> open = new HashMap<>();

    private InputEnds(Admin admin) {
        this.admin = admin;
        thread.setDaemon(true);
    }

    /** @param admin must stay open until this is closed, which does not close it */
    public static InputEnds asking(Admin admin) {
        InputEnds ends = new InputEnds(admin);
        ends.thread.start();
        return ends;
    }

    /** Tells it from now on where the partitions end that it holds. */
    public void follow(InputProgress progress) {
        told.add(progress);
    }

    /** Tells it no more. */
    public void forget(InputProgress progress) {
        told.remove(progress);
    }

    private void ask() {
        try {
            while (!closed.await(BETWEEN_QUESTIONS.toMillis(), TimeUnit.MILLISECONDS)) {
                askSafely();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** All products of the process would be taken for stuck if the thread ended. */
    private void askSafely() throws InterruptedException {
        try {
            askOnce();
        } catch (RuntimeException | Error failed) {
            LOG.error("Cannot ask where inputs end; trying again", failed);
        }
    }

    private void askOnce() throws InterruptedException {
        Map<InputProgress, Set<TopicPartition>> held = new HashMap<>();
        told.forEach(progress -> held.put(progress, progress.held().keySet()));
        try {
            awaitAnswers(question(held.values()));
        } catch (KafkaException | IllegalStateException | IllegalArgumentException away) {
            LOG.debug("Cannot ask where inputs end now", away);
        }
        Map<TopicPartition, Long> ends = answers();
        held.forEach((progress, partitions) -> tell(progress, partitions, ends));
    }

    private List<KafkaFuture<ListOffsetsResultInfo>> question(Collection<Set<TopicPartition>> held) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        held.forEach(partitions -> partitions.stream()
                .filter(partition -> !open.containsKey(partition))
                .forEach(partition -> asked.put(partition, OffsetSpec.latest())));
        if (asked.isEmpty()) {
            return List.of();
        }
        ListOffsetsResult answers = admin.listOffsets(
                asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs((int) TO_ANSWER.toMillis()));
        asked.keySet().forEach(partition -> open.put(partition, answers.partitionResult(partition)));
        return asked.keySet().stream().map(open::get).toList();
    }

    /** Those that were asked before, and have not answered since, are not waited for again. */
    private static void awaitAnswers(List<KafkaFuture<ListOffsetsResultInfo>> asked) throws InterruptedException {
        try {
            KafkaFuture.allOf(asked.toArray(new KafkaFuture<?>[0]))
                    .get(BETWEEN_QUESTIONS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException someAreAway) {
            LOG.trace("Some brokers do not tell where inputs end", someAreAway);
        }
    }

    /** What was answered since the last time. */
    private Map<TopicPartition, Long> answers() throws InterruptedException {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Map.Entry<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> asked : List.copyOf(open.entrySet())) {
            if (asked.getValue().isDone()) {
                open.remove(asked.getKey());
                try {
                    ends.put(asked.getKey(), asked.getValue().get().offset());
                } catch (ExecutionException away) {
                    LOG.debug("Cannot tell where {} ends now", asked.getKey(), away);
                }
            }
        }
        return ends;
    }

    /** Whatever is wrong with one product, the others are told. It counts how long it was fresh, so that it is told as well when nobody answers. */
    private static void tell(InputProgress progress, Set<TopicPartition> held, Map<TopicPartition, Long> all) {
        Map<TopicPartition, Long> ends = new HashMap<>(all);
        ends.keySet().retainAll(held);
        if (held.isEmpty()) {
            return;
        }
        try {
            progress.ends(ends);
        } catch (RuntimeException failed) {
            LOG.warn("A product cannot be told where its inputs end: {}", ends.keySet(), failed);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
