package io.kappamesh.brokers;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * A question to the brokers that survives one of them: asked again, for a minute, when the broker that should have answered has gone
 * or is just coming back. Kafka's admin client does most of this itself; what it gives up on is asked again here. Stateless.
 */
public final class AdminCall {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** For how long brokers may not know of a topic yet that another one has just made. */
    private static final Duration NEWS = Duration.ofSeconds(3);

    private AdminCall() {}

    /** Puts the question; may be called several times. */
    @FunctionalInterface
    public interface Question<T> {
        KafkaFuture<T> put();
    }

    /**
     * The answer.
     *
     * @throws ExecutionException when no broker answers in time, which is always a {@link org.apache.kafka.common.KafkaException}, or
     *     when the answer is a refusal
     */
    public static <T> T ask(Question<T> question) throws ExecutionException, InterruptedException {
        return ask(question, LIMIT, NEWS, PAUSE);
    }

    static <T> T ask(Question<T> question, Duration limit, Duration news, Duration pause)
            throws ExecutionException, InterruptedException {
        long began = System.nanoTime();
        while (true) {
            try {
                return question.put().get();
            } catch (ExecutionException failed) {
                boolean unknown = failed.getCause() instanceof UnknownTopicOrPartitionException;
                if (!isWorthAnotherTry(failed.getCause())) {
                    throw failed;
                }
                if (System.nanoTime() - began > (unknown ? news : limit).toNanos()) {
                    throw givenUp(failed, limit);
                }
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            }
        }
    }

    /** A timeout is not: the client has tried for as long as it is allowed to. */
    private static boolean isWorthAnotherTry(@Nullable Throwable fault) {
        return isLostClient(fault) || (fault instanceof RetriableException && !(fault instanceof TimeoutException));
    }

    /**
     * Wrong arguments are thrown at once, and never told by a future. There they mean that the client lost its way when a broker went:
     * asked of all brokers, it looks for another broker to ask in place of that one, and refuses its own question ("Unexpected key
     * set", Kafka 4.3).
     */
    private static boolean isLostClient(@Nullable Throwable fault) {
        return fault instanceof IllegalArgumentException || fault instanceof IllegalStateException;
    }

    private static ExecutionException givenUp(ExecutionException failed, Duration limit) {
        return isLostClient(failed.getCause())
                ? new ExecutionException(new TimeoutException(
                        "a broker that has to be asked has been going or coming back for " + limit.toSeconds()
                                + " s; see that all brokers are up",
                        failed.getCause()))
                : failed;
    }
}
