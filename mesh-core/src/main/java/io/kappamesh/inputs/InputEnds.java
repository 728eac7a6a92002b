package io.kappamesh.inputs;

import io.kappamesh.generation.Generation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks brokers where the inputs end that this process holds: once a second, one request to each of their leaders. A consumer learns that only when
 * it polls and is answered, which it does not do while a commit takes long or a broker is away. Thread-safe.
 */
public final class InputEnds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InputEnds.class);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
    private static final Duration TO_ANSWER = Duration.ofSeconds(5);

    private final Generation generation;
    private final Admin admin;
    private final InputProgress progress;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    public InputEnds(Generation generation, Admin admin, InputProgress progress) {
        this.generation = generation;
        this.admin = admin;
        this.progress = progress;
        this.thread = new Thread(this::ask, generation + "-input-ends");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void ask() {
        try {
            while (!closed.await(BETWEEN_QUESTIONS.toMillis(), TimeUnit.MILLISECONDS)) {
                askOnce();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void askOnce() throws InterruptedException {
        Set<TopicPartition> held = progress.held().keySet();
        if (held.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        held.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        try {
            ListOffsetsResult answers = admin.listOffsets(
                    asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs((int) TO_ANSWER.toMillis()));
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (TopicPartition partition : held) {
                answer(answers, partition, ends);
            }
            progress.ends(ends);
        } catch (KafkaException | IllegalStateException | IllegalArgumentException away) {
            LOG.debug("{}: cannot ask where its inputs end now", generation, away);
        }
    }

    /** Each for itself: one whose leader is away takes nothing from the others. */
    private void answer(ListOffsetsResult answers, TopicPartition partition, Map<TopicPartition, Long> ends)
            throws InterruptedException {
        try {
            ends.put(
                    partition,
                    answers.partitionResult(partition)
                            .get(TO_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                            .offset());
        } catch (ExecutionException | TimeoutException away) {
            LOG.debug("{}: cannot tell where {} ends now", generation, partition, away);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
