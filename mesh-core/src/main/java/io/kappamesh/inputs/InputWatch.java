package io.kappamesh.inputs;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether a generation that runs can go on: brokers do not tell consumers that a topic is another one by now.
 * Thread-safe.
 */
public final class InputWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InputWatch.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    /** One attempt at finding what speaks against going on. */
    public interface Look {
        List<String> problems() throws ExecutionException, InterruptedException;
    }

    private final Generation generation;
    private final Look look;
    private final Consumer<StartupException> ended;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    public InputWatch(Generation generation, Look look, Consumer<StartupException> ended) {
        this.generation = generation;
        this.look = look;
        this.ended = ended;
        this.thread = new Thread(this::watch, generation + "-input-watch");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (!closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                List<String> problems = looked();
                if (!problems.isEmpty()) {
                    ended.accept(new StartupException(ExitCode.CONTRACT, problems));
                    return;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Brokers that do not answer, and topics that are not there, are for the stream threads to wait for. */
    private List<String> looked() throws InterruptedException {
        try {
            return look.problems();
        } catch (ExecutionException | KafkaException away) {
            LOG.debug("{}: cannot look at its inputs now", generation, away);
            return List.of();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
