package io.kappamesh.feed;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Patience patience = new Patience("port a.b.v1", Optional.of(Duration.ofSeconds(10)), clock::get);

    @Test
    void endsWhenItHasWaitedForLongerThanAllowedWhateverItWaitedFor() {
        patience.notGettingOn("the brokers", fault());
        pass(6);
        patience.notGettingOn("the registry", fault());
        pass(5);

        assertThatThrownBy(() -> patience.notGettingOn("the brokers", fault()))
                .isInstanceOfSatisfying(
                        LifecycleException.class,
                        ended -> org.assertj.core.api.Assertions.assertThat(ended.exitCode())
                                .isEqualTo(ExitCode.PLATFORM))
                .hasMessage(
                        "port a.b.v1: waited 11 s for the brokers; repair it, or allow more time with mesh.platform.timeout");
    }

    @Test
    void beginsAnewWhenItGotOn() {
        patience.notGettingOn("the brokers", fault());
        pass(9);
        patience.gotOn();
        pass(9);

        assertThatCode(() -> patience.notGettingOn("the brokers", fault())).doesNotThrowAnyException();
    }

    private static IOException fault() {
        return new IOException("refused");
    }

    private void pass(long seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
