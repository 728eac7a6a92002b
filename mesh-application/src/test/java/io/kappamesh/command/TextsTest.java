package io.kappamesh.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.compare.DifferenceKind;
import io.kappamesh.compare.FieldDifference;
import io.kappamesh.compare.HorizonReport;
import io.kappamesh.compare.PortChange;
import io.kappamesh.compare.PortReport;
import io.kappamesh.compare.Sample;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.ProductName;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.generation.Adoption;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.plan.BuildChange;
import io.kappamesh.plan.Downstream;
import io.kappamesh.plan.InputPlan;
import io.kappamesh.plan.Plan;
import io.kappamesh.plan.Reach;
import io.kappamesh.status.DeadLetterCount;
import io.kappamesh.status.GenerationState;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.status.PartitionStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What operators are shown. */
class TextsTest {
    private static final ProductName ORDERS = ProductName.of("sales.orders");

    @Test
    void aStatusHasALineForEachGenerationThatIsNotRetired() {
        List<GenerationStatus> all = List.of(
                status(1, Role.RETIRED, GenerationState.RETIRED, 0, OptionalDouble.empty(), Optional.empty()),
                status(2, Role.SERVING, GenerationState.LIVE, 4_000, OptionalDouble.of(0), Optional.empty()),
                status(
                        3,
                        Role.CANDIDATE,
                        GenerationState.REPLAYING,
                        1_000,
                        OptionalDouble.of(20.4),
                        Optional.of("cut-7")));

        assertThat(StatusText.of(all))
                .containsExactly(
                        "sales.orders",
                        "  g2   SERVING   LIVE      [####################] 100%  4,000 of 4,000  0/s  build 0123456789ab",
                        "  g3   CANDIDATE REPLAYING [#####...............]  25%  1,000 of 4,000  20/s  2 min 30 s left  3 d 4 h behind"
                                + "  cut cut-7  build 0123456789ab, before fedcba987654",
                        "       dead letters: at most 1,200 in sales.orders.dead-letters.g3, up to event time 2025-12-31T00:00:00Z",
                        "       a process failed at 2026-01-03T00:00:00Z: product sales.orders: a bug behind the intake",
                        "  retired: g1");
    }

    @Test
    void aStatusAsJsonHasNullForWhatIsNotKnown() {
        GenerationStatus status =
                status(3, Role.CANDIDATE, GenerationState.STOPPED, 1_000, OptionalDouble.empty(), Optional.empty());

        assertThat(Json.of(List.of(status)))
                .hasToString(
                        "[{\"generation\":\"sales.orders.g3\",\"product\":\"sales.orders\",\"number\":3,\"role\":\"CANDIDATE\","
                                + "\"state\":\"STOPPED\",\"build\":\"0123456789abcdef\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"done\":1000,"
                                + "\"target\":4000,\"ratePerSecond\":null,\"remainingSeconds\":null,\"eventTimeLagSeconds\":273600.0,"
                                + "\"caughtUp\":false,\"processes\":1,\"cut\":null,\"deadLetters\":null,\"failure\":null,\"adoptions\":[],\"partitions\":[{\"topic\":\"sales.order-events.v1\","
                                + "\"partition\":0,\"beginning\":0,\"position\":1000,\"end\":4000,\"goal\":3000,\"lag\":3000}]}]");
    }

    @Test
    void aPlanTellsWhatItReadsTakesAndReachesAndWhyItIsRefused() {
        Plan plan = new Plan(
                ORDERS,
                new Generation(ORDERS, 4),
                List.of(new InputPlan(
                        "sales.order-events.v1", 6, 3, 1_500_003, 1_500_000, OptionalLong.of(2_450_000_000L))),
                Optional.empty(),
                OptionalLong.empty(),
                List.of(
                        new Downstream(
                                ProductName.of("logistics.shipments"),
                                List.of("sales.orders.v1"),
                                List.of(),
                                Optional.of(new Reach(OptionalLong.of(380), 15_000))),
                        new Downstream(
                                ProductName.of("logistics.late-deliveries"),
                                List.of("logistics.shipments.v1"),
                                List.of(),
                                Optional.empty()),
                        new Downstream(
                                ProductName.of("billing.firsts"),
                                List.of("sales.orders.v1"),
                                List.of(new Exemption("corrected-input", "firsts", "nobody corrects")),
                                Optional.of(new Reach(OptionalLong.empty(), 15_000)))),
                List.of(new Exemption("clock", "Steps.log", "it is for a log")),
                Optional.of(new BuildChange(
                        "0123", "4567", BuildChange.Category.BUSINESS_CODE, List.of("code: OrderSteps"))),
                List.of("a warning"),
                List.of("a refusal"));

        assertThat(PlanText.of(plan.at(20_000)))
                .containsExactly(
                        "Replay of sales.orders as sales.orders.g4",
                        "  build   0123 beside 4567, which serves: business code changes",
                        "            code: OrderSteps",
                        "          replay: what is computed from now on differs from what was computed before",
                        "  reads   sales.order-events.v1: 1,500,000 records at most, 6 partitions, 2.5 GB",
                        "  takes   a size that the brokers do not tell of disk, times the replicas: shadow topics and changelogs",
                        "  lasts   1 min 15 s",
                        "  reaches logistics.shipments, which reads sales.orders.v1, sees 380 records corrected and follows by itself",
                        "  reaches logistics.late-deliveries, which reads logistics.shipments.v1, sees what those make of it and follows"
                                + " by itself",
                        "  reaches billing.firsts, which reads sales.orders.v1, sees at most 15,000 records corrected (`verify` counts"
                                + " them) and MAY NOT FOLLOW: it is exempt from corrected-input"
                                + " at firsts: nobody corrects",
                        "  exempt  from clock at Steps.log: it is for a log",
                        "  note    a warning",
                        "  REFUSED a refusal");
        assertThat(Json.of(plan))
                .hasToString(
                        "{\"product\":\"sales.orders\",\"next\":\"sales.orders.g4\",\"possible\":false,\"records\":1500000,"
                                + "\"bytes\":null,\"estimatedSeconds\":null,\"inputs\":[{\"topic\":\"sales.order-events.v1\",\"partitions\":6,"
                                + "\"missing\":3,\"end\":1500003,\"records\":1500000,\"bytes\":2450000000}],\"downstream\":[{\"product\":"
                                + "\"logistics.shipments\",\"reads\":[\"sales.orders.v1\"],\"follows\":true,\"corrections\":380,\"correctionsAtMost\":15000,\"exemptions\":[]},"
                                + "{\"product\":\"logistics.late-deliveries\",\"reads\":[\"logistics.shipments.v1\"],\"follows\":true,"
                                + "\"corrections\":null,\"correctionsAtMost\":null,\"exemptions\":[]},{\"product\":"
                                + "\"billing.firsts\",\"reads\":[\"sales.orders.v1\"],\"follows\":false,\"corrections\":null,\"correctionsAtMost\":15000,\"exemptions\":"
                                + "[{\"rule\":\"corrected-input\",\"where\":\"firsts\",\"reason\":\"nobody corrects\"}]}],\"exemptions\":[{\"rule\":\"clock\",\"where\":\"Steps.log\",\"reason\":\"it is for a log\"}],"
                                + "\"change\":{\"build\":\"0123\",\"servingBuild\":\"4567\",\"category\":\"BUSINESS_CODE\","
                                + "\"consequence\":\"replay: what is computed from now on differs from what was computed before\","
                                + "\"details\":[\"code: OrderSteps\"]},"
                                + "\"warnings\":[\"a warning\"],\"refusals\":[\"a refusal\"]}");
    }

    @Test
    void aComparisonTellsCountsFieldsAndExamplesOfWhatNobodyExpected() {
        Sample sample = new Sample(
                "o-1", DifferenceKind.CHANGED, false, List.of(new FieldDifference("lines[0].quantity", "1", "2")));
        Sample expected = new Sample("o-2", DifferenceKind.ONLY_SERVING, true, List.of());
        Verification found = new Verification(
                "sales.orders",
                1,
                2,
                "2026-01-01T00:00:00Z",
                List.of("only-serving"),
                120,
                List.of(new PortReport(
                        "sales.orders.v1",
                        PortChange.NONE,
                        1_002,
                        1_001,
                        1_000,
                        1,
                        0,
                        0,
                        0,
                        0,
                        1,
                        0,
                        new HorizonReport("2020-01-01T00:00:00Z", List.of("records of p are gone"), 7),
                        Map.of("lines[].quantity", 1L),
                        List.of(sample, expected))));

        assertThat(VerificationText.of(found))
                .containsExactly(
                        "sales.orders: candidate g2 beside g1, which serves: they DIFFER",
                        "  sales.orders.v1: 1,002 keys serving, 1,001 in the candidate, 1,000 equal",
                        "    1 changed",
                        "    1 as expected",
                        "    7 that differ beyond the horizon, and are left alone",
                        "    horizon: what is older than 2020-01-01T00:00:00Z cannot be recomputed, because records of p are gone",
                        "      lines[].quantity in 1",
                        "    e.g. o-1: CHANGED",
                        "      lines[0].quantity: 1 -> 2");
        assertThat(Json.of(found).toString())
                .contains(
                        "\"agrees\":false",
                        "\"onlyServing\":0",
                        "\"horizon\":{\"from\":\"2020-01-01T00:00:00Z\",\"reasons\":[\"records of p are gone\"],\"keys\":7}",
                        "\"fields\":{\"lines[].quantity\":1}",
                        "\"key\":\"o-1\"");
    }

    @Test
    void aComparisonTellsOfPortsThatOnlyOneOfTheTwoPublishes() {
        PortReport removed = new PortReport(
                "sales.totals.v1", PortChange.REMOVED, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, Map.of(), List.of());
        PortReport added = new PortReport(
                "sales.returns.v1", PortChange.ADDED, 0, 3, 0, 0, 0, 0, 0, 0, 3, 0, null, Map.of(), List.of());
        Verification found =
                new Verification("sales.orders", 1, 2, "2026-01-01T00:00:00Z", List.of(), 5, List.of(removed, added));

        assertThat(VerificationText.of(found))
                .containsExactly(
                        "sales.orders: candidate g2 beside g1, which serves: they DIFFER",
                        "  sales.totals.v1: the candidate does not publish it; once it serves, nobody writes it, and it keeps what it says",
                        "  sales.returns.v1: only the candidate publishes it; what it has is published when it serves",
                        "  sales.returns.v1: 0 keys serving, 3 in the candidate, 0 equal",
                        "    3 as expected");
        assertThat(Json.of(found).toString()).contains("\"change\":\"REMOVED\"", "\"change\":\"ADDED\"");
    }

    @Test
    void aComparisonThatFindsWhatWasExpectedSaysSoAndNotThatNothingDiffers() {
        PortReport expected = new PortReport(
                "sales.orders.v1", PortChange.NONE, 400, 400, 20, 0, 0, 0, 0, 0, 380, 0, null, Map.of(), List.of());

        assertThat(VerificationText.of(new Verification(
                        "sales.orders", 1, 2, "2026-01-01T00:00:00Z", List.of("timestamp"), 120, List.of(expected))))
                .startsWith("sales.orders: candidate g2 beside g1, which serves: they differ as expected, in 380 keys");
    }

    @Test
    void timesAndSizesAreShownInTheLargestUnits() {
        assertThat(HumanNumbers.time(Duration.ofMillis(450))).isEqualTo("450 ms");
        assertThat(HumanNumbers.time(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(HumanNumbers.time(Duration.ofMinutes(61))).isEqualTo("1 h 1 min");
        assertThat(HumanNumbers.bytes(999)).isEqualTo("999 B");
        assertThat(HumanNumbers.bytes(1_250)).isEqualTo("1.3 kB");
        assertThat(HumanNumbers.bar(0, 0)).isEqualTo("[####################] 100%");
        assertThat(HumanNumbers.bar(999, 1_000)).isEqualTo("[###################.]  99%");
    }

    @Test
    void onATerminalLinesAreDrawnOverAndElseRepeatedNowAndThen() {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        Screen drawing = new Screen(new PrintStream(terminal, true, StandardCharsets.UTF_8), true);
        drawing.draw(List.of("a", "b"));
        drawing.draw(List.of("c"));
        drawing.say("d");
        drawing.draw(List.of("e"));
        drawing.keep(List.of("f"));
        drawing.say("g");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        Screen plain = new Screen(new PrintStream(file, true, StandardCharsets.UTF_8), false);
        plain.draw(List.of("a", "b"));
        plain.draw(List.of("c"));
        plain.say("d");
        plain.keep(List.of("f"));

        assertThat(terminal.toString(StandardCharsets.UTF_8))
                .isEqualTo("a\nb\n\u001b[2A\u001b[Jc\n\u001b[1A\u001b[Jd\ne\n\u001b[1A\u001b[Jf\ng\n");
        assertThat(file.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\nd\nf\n");
    }

    private static GenerationStatus status(
            int number, Role role, GenerationState state, long done, OptionalDouble rate, Optional<String> cut) {
        boolean behind = state == GenerationState.REPLAYING || state == GenerationState.STOPPED;
        return new GenerationStatus(
                new Generation(ORDERS, number),
                role,
                "0123456789abcdef",
                state,
                Instant.parse("2026-01-01T00:00:00Z"),
                List.of(new PartitionStatus("sales.order-events.v1", 0, 0, done, 4_000, OptionalLong.of(3_000))),
                List.of(),
                done,
                4_000,
                rate,
                rate.isPresent() && behind ? Optional.of(Duration.ofSeconds(150)) : Optional.empty(),
                Optional.of(behind ? Duration.ofHours(76) : Duration.ZERO),
                !behind,
                1,
                cut,
                cut.isEmpty() ? List.of() : List.of(new Adoption("fedcba9876543210", "2026-01-02T00:00:00Z")),
                cut.map(unused -> new DeadLetterCount(
                        "sales.orders.dead-letters.g3", 1_200, Optional.of(Instant.parse("2025-12-31T00:00:00Z")))),
                cut.map(unused -> Failure.of(
                        new Generation(ORDERS, number),
                        "sales.orders.g3-1",
                        Instant.parse("2026-01-03T00:00:00Z"),
                        70,
                        List.of("product sales.orders: a bug behind the intake"))));
    }
}
