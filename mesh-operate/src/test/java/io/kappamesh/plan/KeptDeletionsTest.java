package io.kappamesh.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptDeletionsTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void aReplayThatTakesLongerThanDeletionsLiveIsRefusedWithTheRemedy() {
        assertThat(kept(DAY, DAY).refusal())
                .get()
                .asString()
                .contains("a.in.v1", "PT24H", "delete.retention.ms=604800000");
        assertThat(kept(DAY, DAY).warning()).isEmpty();
    }

    @Test
    void oneThatTakesHalfAsLongIsWarnedAbout() {
        assertThat(kept(DAY, Duration.ofHours(12)).refusal()).isEmpty();
        assertThat(kept(DAY, Duration.ofHours(12)).warning()).get().asString().contains("a.in.v1", "PT12H");
    }

    @Test
    void aShortOneIsFine() {
        assertThat(kept(DAY, Duration.ofHours(1)).refusal()).isEmpty();
        assertThat(kept(DAY, Duration.ofHours(1)).warning()).isEmpty();
    }

    @Test
    void whatNobodyMeasuredNeedsAnHourAtLeast() {
        assertThat(new KeptDeletions("a.in.v1", DAY, Optional.empty()).warning())
                .isEmpty();
        assertThat(new KeptDeletions("a.in.v1", Duration.ofMinutes(59), Optional.empty()).warning())
                .get()
                .asString()
                .contains("nobody has measured");
    }

    private static KeptDeletions kept(Duration kept, Duration replay) {
        return new KeptDeletions("a.in.v1", kept, Optional.of(replay));
    }
}
