package io.kappamesh.display;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.contract.ProductName;
import io.kappamesh.level.Counts;
import io.kappamesh.level.Objective;
import io.kappamesh.level.Tally;
import io.kappamesh.slo.PortLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is shown of levels of service. */
class LevelTextTest {
    private static final Instant NOON = Instant.parse("2026-03-31T12:30:00Z");
    private static final String PORT = "sales.orders.v1";

    private final List<PortLevel> levels = new ArrayList<>();

    @Test
    void eachLevelHasALine() {
        level(Objective.delay(Duration.ofMinutes(5), 0.99), Duration.ofDays(9), 99_996, 100_000);
        level(Objective.completeness(0.999), Duration.ofMinutes(1), 99_932, 100_000);
        level(Objective.validity(1).over(7), Duration.ofDays(1), 1, 3);
        level(Objective.volume(1_000, 50_000, 0.9), Duration.ofDays(1), 0, 0);

        assertThat(LevelText.table(levels))
                .containsExactly(
                        "PORT             LEVEL         STATE         GOOD  BUDGET SPENT  PROMISED",
                        "sales.orders.v1  delay         MET       99.996 %         0.4 %  99 % within 5 min 0 s, over 30 days",
                        "sales.orders.v1  completeness  MET       99.932 %          68 %  99.9 %, over 30 days",
                        "sales.orders.v1  validity      MISSED    33.333 %           all  100 %, over 7 days",
                        "sales.orders.v1  volume        UNKNOWN          -             -  90 % with 1,000 to 50,000 records a day, over 30 days");
    }

    /** What is not all good never looks as if it were. */
    @Test
    void nothingIsRoundedUpToAll() {
        level(Objective.validity(0.5), Duration.ofDays(1), 999_999_999, 1_000_000_000);

        assertThat(LevelText.ofPort(levels)).singleElement().asString().contains("99.999 % good");
    }

    @Test
    void whoeverCountsNoMoreIsNamed() {
        levels.add(new PortLevel(
                PORT,
                ProductName.of("sales.orders"),
                Objective.completeness(0.9),
                Counts.reading(List.of(), PORT, Objective.completeness(0.9), NOON),
                Optional.of(NOON.minusMillis(1))));

        assertThat(LevelText.table(levels).get(1)).endsWith("(not measured since 2026-03-31T12:29:59Z)");
    }

    @Test
    void programsGetWhatIsKnownAndNullForTheRest() {
        level(Objective.validity(1).over(7), Duration.ofDays(1), 1, 4);
        level(Objective.volume(1, 2, 0.9), Duration.ofDays(1), 0, 0);

        JsonNode all = LevelJson.of(levels);
        assertThat(all.get(0).path("state").asText()).isEqualTo("MISSED");
        assertThat(all.get(0).path("share").asDouble()).isEqualTo(0.25);
        assertThat(all.get(0).path("bad").asDouble()).isEqualTo(3);
        assertThat(all.get(0).path("budgetSpent").isNull()).isTrue();
        assertThat(all.get(1).path("share").isNull()).isTrue();
        assertThat(all.get(1).path("atMost").asLong()).isEqualTo(2);
        assertThat(all.get(1).path("unit").asText()).isEqualTo("days");
    }

    private void level(Objective objective, Duration ago, double good, double all) {
        Tally tally = new Tally();
        tally.add(NOON.minus(ago), good, all);
        Counts counts =
                new Counts(NOON.toString(), 1, List.of(new Counts.Count(PORT, objective.measure(), tally.buckets())));
        levels.add(new PortLevel(
                PORT,
                ProductName.of("sales.orders"),
                objective,
                Counts.reading(List.of(counts), PORT, objective, NOON),
                Optional.empty()));
    }
}
