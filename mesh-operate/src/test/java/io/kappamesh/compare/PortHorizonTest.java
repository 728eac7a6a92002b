package io.kappamesh.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.generation.Horizon;
import io.kappamesh.tables.Latest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PortHorizonTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TOPIC = "sales.orders.v1";

    @Test
    void aKeyIsAboveOnlyIfAllThatIsSaidOfItIs() {
        PortHorizon horizon = new PortHorizon(NOW, Optional.empty(), List.of());

        assertThat(horizon.isAbove(at(0), at(0), NOW)).isTrue();
        assertThat(horizon.isAbove(at(0), null, NOW)).isTrue();
        assertThat(horizon.isAbove(null, at(0), NOW)).isTrue();
        assertThat(horizon.isAbove(at(-1), null, NOW)).isFalse();
        assertThat(horizon.isAbove(null, at(-1), NOW)).isFalse();
        assertThat(horizon.isAbove(at(0), at(-1), NOW)).isFalse();
        assertThat(horizon.isAbove(at(-1), at(0), NOW)).isFalse();
    }

    /** It says when something was deleted, and not of when it was. */
    @Test
    void theTimeOfADeletionIsNotAskedFor() {
        PortHorizon horizon = new PortHorizon(NOW, Optional.empty(), List.of());

        assertThat(horizon.isAbove(at(0), deletion(-1), NOW)).isTrue();
        assertThat(horizon.isAbove(at(-1), deletion(0), NOW)).isFalse();
    }

    /** It is stamped with the time of what it replaced, if that is later. */
    @Test
    void whatAPromotionWroteIsOfNobodyKnowsWhatTime() {
        Latest correction = new Latest(1, NOW.toEpochMilli(), true, new byte[0]);

        assertThat(new PortHorizon(NOW, Optional.empty(), List.of()).isAbove(correction, null, NOW))
                .isFalse();
        assertThat(PortHorizon.NONE.isAbove(correction, null, NOW)).isTrue();
    }

    @Test
    void whatBrokersMayHaveDeletedByNowIsBelow() {
        PortHorizon kept = new PortHorizon(Instant.MIN, Optional.of(Duration.ofDays(30)), List.of());
        long monthAgo = -Duration.ofDays(30).toMillis();
        long clocks = Duration.ofMinutes(10).toMillis();

        assertThat(kept.isAbove(at(monthAgo + clocks), null, NOW)).isTrue();
        assertThat(kept.isAbove(at(monthAgo + clocks - 1), null, NOW)).isFalse();
        assertThat(kept.report(NOW, 3)).isEqualTo(new HorizonReport("2025-12-02T00:10:00Z", List.of(), 3));
    }

    @Test
    void aPortThatDoesNotSayHowFarBackItLooksCannotBeRecomputedOnceAnythingIsLost() {
        Horizon lost = new Horizon(
                Map.of(),
                Map.of(),
                Map.of("sales.raw.v1-0", 7L, "sales.raw.v1-1", 4L),
                "2025-06-01T00:00:00Z",
                Map.of(TOPIC, "P1D"));

        PortHorizon declared = Horizons.of(TOPIC, Optional.of(lost), Optional.empty());
        PortHorizon silent = Horizons.of("sales.totals.v1", Optional.of(lost), Optional.of(Duration.ofDays(1)));

        assertThat(declared.since()).isEqualTo(Instant.parse("2025-06-02T00:00:00Z"));
        assertThat(declared.reasons())
                .containsExactly("records of [sales.raw.v1-0, sales.raw.v1-1] that were read before are gone");
        assertThat(silent.isAbove(at(Duration.ofDays(9_999).toMillis()), null, NOW))
                .isFalse();
        assertThat(silent.report(NOW, 2)).satisfies(report -> {
            assertThat(report.from()).isNull();
            assertThat(report.reasons()).hasSize(2).first().asString().contains("lookingBack");
        });
    }

    @Test
    void whereNothingIsLostThereIsNoHorizon() {
        Horizon whole = new Horizon(Map.of(), Map.of(), Map.of(), NOW.toString(), Map.of());

        assertThat(Horizons.of(TOPIC, Optional.of(whole), Optional.empty())).isEqualTo(PortHorizon.NONE);
        assertThat(Horizons.of(TOPIC, Optional.empty(), Optional.empty())).isEqualTo(PortHorizon.NONE);
        assertThat(PortHorizon.NONE.report(NOW, 0)).isNull();
    }

    private static Latest at(long millisFromNow) {
        return new Latest(1, NOW.toEpochMilli() + millisFromNow, false, new byte[0]);
    }

    private static @Nullable Latest deletion(long millisFromNow) {
        return new Latest(1, NOW.toEpochMilli() + millisFromNow, false, null);
    }
}
