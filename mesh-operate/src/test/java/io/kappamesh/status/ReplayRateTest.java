package io.kappamesh.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReplayRateTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void aReplayIsMeasuredFromWhenItReadsUntilItHasCaughtUp() {
        ReplayRate watch = new ReplayRate(true, 0);

        watch.saw(status(GenerationState.STOPPED, 100, 100), 3 * SECOND);
        watch.saw(status(GenerationState.REPLAYING, 100, 600), 4 * SECOND);
        watch.saw(status(GenerationState.LIVE, 100, 1_100), 5 * SECOND);

        assertThat(watch.measured()).isEqualTo(new ReplayRate.Measured(1_000, Duration.ofSeconds(2)));
        assertThat(watch.measured().rate()).contains(500.0);
    }

    @Test
    void aReplayThatWasOverBeforeTheFirstLookCountsFromWhenItWasBegun() {
        ReplayRate watch = new ReplayRate(true, 0);

        watch.saw(status(GenerationState.LIVE, 100, 1_100), SECOND);

        assertThat(watch.measured()).isEqualTo(new ReplayRate.Measured(1_000, Duration.ofSeconds(1)));
    }

    @Test
    void whatWasReplayedBeforeIsNotMeasured() {
        ReplayRate watch = new ReplayRate(false, 0);

        watch.saw(status(GenerationState.LIVE, 0, 1_500_000), 1);

        assertThat(watch.measured()).isEqualTo(ReplayRate.Measured.NOTHING);
        assertThat(watch.measured().rate()).isEmpty();
    }

    @Test
    void ofAReplayThatWasUnderWayThePartThatWasWatchedIsMeasured() {
        ReplayRate watch = new ReplayRate(false, 0);

        watch.saw(status(GenerationState.REPLAYING, 0, 1_000_000), SECOND);
        watch.saw(status(GenerationState.LIVE, 0, 1_500_000), 6 * SECOND);

        assertThat(watch.measured()).isEqualTo(new ReplayRate.Measured(500_000, Duration.ofSeconds(5)));
    }

    private static GenerationStatus status(GenerationState state, long beginning, long position) {
        return new GenerationStatus(
                Generation.of("sales.orders.g2"),
                Role.CANDIDATE,
                "build",
                state,
                Instant.EPOCH,
                List.of(new PartitionStatus(
                        "sales.order-events.v1", 0, beginning, position, 2_000_000, OptionalLong.of(1_000))),
                List.of(),
                position,
                2_000_000,
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                state == GenerationState.LIVE,
                1,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
