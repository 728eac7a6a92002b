package io.kappamesh.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final AtomicLong nanos = new AtomicLong(17);

    @Test
    void whatCameInAtOnceIsPaidOffByStandingStill() {
        Throttle throttle = new Throttle(OptionalLong.of(100), nanos::get);
        assertThat(throttle.isTooEarly()).isFalse();

        throttle.passed(50);

        assertThat(throttle.isTooEarly()).isTrue();
        nanos.addAndGet(Duration.ofMillis(499).toNanos());
        assertThat(throttle.isTooEarly()).isTrue();
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(throttle.isTooEarly()).isFalse();
    }

    @Test
    void timeInWhichNothingCameIsNotSavedUp() {
        Throttle throttle = new Throttle(OptionalLong.of(100), nanos::get);
        nanos.addAndGet(Duration.ofHours(1).toNanos());

        throttle.passed(1);

        assertThat(throttle.isTooEarly()).isTrue();
    }

    @Test
    void withoutABoundItIsNeverTooEarly() {
        Throttle throttle = new Throttle(OptionalLong.empty(), nanos::get);

        throttle.passed(1_000_000);

        assertThat(throttle.isTooEarly()).isFalse();
    }
}
