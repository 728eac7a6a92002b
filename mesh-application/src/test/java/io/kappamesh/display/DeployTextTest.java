package io.kappamesh.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.deploy.DeployReport;
import io.kappamesh.deploy.DeployReport.ConsumerVerdict;
import io.kappamesh.deploy.DeployReport.History;
import io.kappamesh.deploy.DeployReport.Offence;
import io.kappamesh.deploy.DeployReport.PortVerdict;
import io.kappamesh.deploy.DeployReport.RuleVerdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeployTextTest {
    private static final History HISTORY = new History("sales.orders.v1", 15_000, false, 0);

    @Test
    void aNoNamesConsumerRuleAndOneKey() {
        DeployReport report = report(new ConsumerVerdict(
                "finance.order-days",
                List.of(),
                List.of(new Offence(
                        "quality", "rule has-note does not hold: it has a note", false, 12, 3, "o-17", 2, 881)),
                List.of("its rule odd is a function in its code")));

        assertThat(DeployText.of(report))
                .containsExactly(
                        "sales.orders.v1   of sales.orders; 15,000 records of sales.orders.v1, as this build's schema has them",
                        "  NO   finance.order-days",
                        "         quality: rule has-note does not hold: it has a note: it would refuse 12 records, the first of them key o-17 (partition 2, offset 881), besides 3 records that it refuses today already",
                        "         not checked: its rule odd is a function in its code",
                        "no");
        assertThat(DeployJson.of(report).path("possible").asBoolean()).isFalse();
        assertThat(DeployJson.of(report)
                        .at("/ports/0/consumers/0/offences/0/key")
                        .asText())
                .isEqualTo("o-17");
    }

    @Test
    void whatIsRefusedTodayAlreadyIsToldAndIsNoReasonForANo() {
        DeployReport report = report(new ConsumerVerdict(
                "finance.order-days",
                List.of(),
                List.of(new Offence(
                        "quality", "rule has-note does not hold: it has a note", false, 0, 3, "o-17", 2, 881)),
                List.of()));

        assertThat(DeployText.of(report))
                .contains("  yes  finance.order-days")
                .endsWith("yes")
                .anyMatch(line -> line.contains("3 records that it refuses today already, such as key o-17"));
    }

    /** Who reads the port is not known then. */
    @Test
    void aCatalogueThatCannotBeReadIsNoYes() {
        DeployReport report =
                new DeployReport(List.of(), List.of(), List.of("the catalogue of finance may not be read"));

        assertThat(report.isPossible()).isFalse();
        assertThat(DeployText.of(report)).endsWith("no");
    }

    @Test
    void recordsThatTheBuildsSchemaCannotHoldAreANo() {
        DeployReport report = new DeployReport(
                List.of(new PortVerdict(
                        "sales.orders.v1",
                        "sales.orders",
                        new History("sales.orders.v1", 10, false, 1),
                        List.of(),
                        List.of(),
                        List.of("reports"))),
                List.of(),
                List.of());

        assertThat(DeployText.of(report))
                .contains("  ?    reports: a consumer group of which no product says so; what it needs is not known")
                .endsWith("no");
    }

    @Test
    void aBuildThatHasToBeReplayedBreaksNobodyAndIsToldSo() {
        DeployReport report = new DeployReport(
                List.of(), List.of(), List.of(), List.of("product sales.orders: it adds a port"), List.of());

        assertThat(DeployText.of(report)).containsExactly("start    product sales.orders: it adds a port", "yes");
    }

    @Test
    void rulesOfTheBuildAreToldWithWhatTheyRefuseAndAreNoReasonForANo() {
        Offence fresh =
                new Offence("quality", "rule has-note does not hold: it has a note", false, 12, 3, "o-17", 2, 881);
        Offence known = new Offence("quality", "rule paid does not hold: it is paid", false, 0, 2, "o-3", 0, 4);
        DeployReport report = new DeployReport(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        new RuleVerdict(
                                "finance.order-days",
                                "sales.orders.v1",
                                true,
                                HISTORY,
                                true,
                                List.of(fresh, known),
                                List.of("rule odd is new or stricter, and a function")),
                        new RuleVerdict(
                                "finance.order-days",
                                "finance.order-days.v1",
                                false,
                                new History("finance.order-days.v1.g2", 7, true, 0),
                                false,
                                List.of(fresh),
                                List.of()),
                        new RuleVerdict(
                                "finance.order-days", "finance.sums.v1", false, HISTORY, false, List.of(), List.of())));

        assertThat(DeployText.of(report))
                .containsExactly(
                        "sales.orders.v1   new or stricter rules of finance.order-days; 15,000 records of sales.orders.v1",
                        "  rule has-note does not hold: it has a note: would refuse 12 records that are taken today, the first of them key o-17 (partition 2, offset 881), besides 3 that are refused today",
                        "  rule paid does not hold: it is paid: would refuse 2 records, all of them refused today, such as key o-3 (partition 0, offset 4)",
                        "  not checked: rule odd is new or stricter, and a function",
                        "finance.order-days.v1   new or stricter rules of finance.order-days; 7 records of finance.order-days.v1.g2",
                        "  rule has-note does not hold: it has a note: not for 15 records, the first of them key o-17 (partition 2, offset 881)",
                        "finance.sums.v1   new or stricter rules of finance.order-days; 15,000 records of sales.orders.v1",
                        "  they hold for all of them",
                        "yes");
        assertThat(DeployJson.of(report).at("/rules/0/offences/0/records").asLong())
                .isEqualTo(12);
    }

    @Test
    void recordsAreCalledTakenOnlyIfThatIsKnownAndARuleThatStopsRefusesNothing() {
        Offence stops =
                new Offence("quality", "rule has-note does not hold: it has a note", true, 12, 3, "o-17", 2, 881);
        Offence known = new Offence("quality", "rule paid does not hold: it is paid", true, 0, 2, "o-3", 0, 4);
        Offence refused = new Offence("quality", "rule odd does not hold: it is odd", false, 5, 1, "o-4", 0, 5);
        DeployReport report = new DeployReport(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        new RuleVerdict(
                                "finance.order-days",
                                "sales.orders.v1",
                                true,
                                HISTORY,
                                true,
                                List.of(stops, known),
                                List.of()),
                        new RuleVerdict(
                                "finance.order-days",
                                "finance.raw.v1",
                                true,
                                HISTORY,
                                false,
                                List.of(stops, refused),
                                List.of("what is refused today by rule even, which is a function"))));

        assertThat(DeployText.of(report))
                .containsExactly(
                        "sales.orders.v1   new or stricter rules of finance.order-days; 15,000 records of sales.orders.v1",
                        "  rule has-note does not hold: it has a note: would stop at the first of 12 records that are taken today, key o-17 (partition 2, offset 881), besides 3 that are refused today",
                        "  rule paid does not hold: it is paid: would stop at the first of 2 records, all of them refused today, such as key o-3 (partition 0, offset 4)",
                        "finance.raw.v1   new or stricter rules of finance.order-days; 15,000 records of sales.orders.v1",
                        "  rule has-note does not hold: it has a note: would stop at the first of 12 records, key o-17 (partition 2, offset 881), besides 3 that are refused today",
                        "  rule odd does not hold: it is odd: would refuse 5 records, the first of them key o-4 (partition 0, offset 5), besides 1 that are refused today",
                        "  not checked: what is refused today by rule even, which is a function",
                        "yes");
        assertThat(DeployText.of(
                        report(new ConsumerVerdict("finance.order-days", List.of(), List.of(stops), List.of()))))
                .contains(
                        "         quality: rule has-note does not hold: it has a note: it would stop at the first of 12 records, key o-17 (partition 2, offset 881), besides 3 records that it refuses today already");
    }

    @Test
    void whatOthersWroteMovesNoCursor() {
        DeployReport report =
                report(new ConsumerVerdict("finance.order-days", List.of("\u001b[2J gone"), List.of(), List.of()));

        assertThat(DeployText.of(report)).noneMatch(line -> line.contains("\u001b"));
    }

    private static DeployReport report(ConsumerVerdict consumer) {
        return new DeployReport(
                List.of(new PortVerdict(
                        "sales.orders.v1", "sales.orders", HISTORY, List.of(), List.of(consumer), List.of())),
                List.of(),
                List.of());
    }
}
