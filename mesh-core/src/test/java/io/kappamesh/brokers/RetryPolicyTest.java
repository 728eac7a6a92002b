package io.kappamesh.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.ManualClock;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private final ManualClock time = new ManualClock();
    private final Instant began = time.instant();

    @Test
    void aStepIsRepeatedWithGrowingPausesUntilItSucceeds() throws Exception {
        List<Duration> pauses = new ArrayList<>();
        RetryPolicy retries = RetryPolicy.of(Optional.empty(), time, length -> {
            pauses.add(length);
            return time.pause(length);
        });

        String result = retries.await("the brokers", failing(8, new TimeoutException("no answer"), "there"));

        assertThat(result).isEqualTo("there");
        assertThat(pauses)
                .containsExactly(
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10));
    }

    @Test
    void itSaysWhatItWaitsForAsLongAsItWaits() throws Exception {
        List<Optional<String>> said = new ArrayList<>();
        RetryPolicy[] retries = new RetryPolicy[1];
        retries[0] = RetryPolicy.of(Optional.empty(), time, length -> {
            said.add(retries[0].waitingFor());
            return time.pause(length);
        });

        retries[0].await("the registry", failing(1, new ConnectException("refused"), "there"));

        assertThat(said).containsExactly(Optional.of("the registry: refused"));
        assertThat(retries[0].waitingFor()).isEmpty();
    }

    @Test
    void waitEndsAtItsLimitWithTheLastFault() {
        RetryPolicy retries = RetryPolicy.of(Optional.of(Duration.ofSeconds(3)), time, time);

        StartupException ended = catchThrowableOfType(
                StartupException.class,
                () -> retries.await("the brokers", failing(100, new TimeoutException("no answer"), "never")));

        assertThat(ended.exitCode()).isEqualTo(ExitCode.PLATFORM);
        assertThat(ended.problems())
                .singleElement()
                .asString()
                .contains("PT3S", "the brokers: no answer", "mesh.platform.timeout");
        assertThat(time.instant()).isEqualTo(began.plusSeconds(3));
        assertThat(retries.waitingFor()).isEmpty();
    }

    @Test
    void aStopEndsTheWaitAndAllThatFollow() {
        RetryPolicy retries = RetryPolicy.of(Optional.empty(), time, length -> true);

        assertThatThrownBy(() -> retries.await("the brokers", failing(1, new TimeoutException("no"), "there")))
                .isInstanceOf(InterruptedException.class)
                .hasMessageContaining("the brokers");

        retries.stop();
        assertThatThrownBy(() -> retries.await("anything", () -> "there")).isInstanceOf(InterruptedException.class);
    }

    @Test
    void refusedAccessIsNotWaitedForEvenWhenItLooksLikeABrokenConnection() {
        RetryPolicy retries = RetryPolicy.of(Optional.empty(), time, time);

        for (Exception refusal : List.of(
                new TopicAuthorizationException("not yours"),
                new SslAuthenticationException("bad certificate", new SSLHandshakeException("bad")))) {
            StartupException refused = catchThrowableOfType(
                    StartupException.class, () -> retries.await("the brokers", failing(1, refusal, "there")));
            assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        }
        assertThat(time.instant()).isEqualTo(began);
    }

    @Test
    void aFaultThatWaitingDoesNotHealComesOutAsItIs() {
        RetryPolicy retries = RetryPolicy.of(Optional.empty(), time, time);

        assertThatThrownBy(() -> retries.await("topics", failing(1, new InvalidTopicException("a/b"), "there")))
                .isInstanceOf(InvalidTopicException.class);
    }

    @Test
    void aBrokerWhoseNameDoesNotResolveYetIsWaitedFor() throws Exception {
        RetryPolicy retries = RetryPolicy.of(Optional.empty(), time, time);
        ConfigException unresolved = new ConfigException("No resolvable bootstrap urls given in bootstrap.servers");

        assertThat(retries.await("the brokers", failing(1, new KafkaException("cannot build", unresolved), "there")))
                .isEqualTo("there");
    }

    private static Callable<String> failing(int times, Exception fault, String then) {
        int[] left = {times};
        return () -> {
            if (left[0]-- > 0) {
                throw new ExecutionException(fault);
            }
            return then;
        };
    }
}
