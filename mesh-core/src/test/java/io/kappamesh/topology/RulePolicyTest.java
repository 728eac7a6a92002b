package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.failure.Causes;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.rule.RuleStopException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What becomes of a record for which a rule does not hold. */
class RulePolicyTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void aRuleThatWarnsCountsTheRecordAndLetsItPass() {
        try (Bench bench = bench(source(RulePolicyTest::hasNote, RulePolicy.WARN), Shop.BASKETS)) {
            bench.pipe(source(RulePolicyTest::hasNote, RulePolicy.WARN), "k1", basket(NOON, "", "a"));
            bench.pipe(source(RulePolicyTest::hasNote, RulePolicy.WARN), "k2", basket(NOON, "kept", "a"));

            assertThat(bench.letters()).isEmpty();
            assertThat(bench.records(Shop.BASKETS)).hasSize(2);
            assertThat(told.stream().filter(one -> one.startsWith("unmet")))
                    .containsExactly("unmet shop.noted.v1 has-note WARN");
        }
    }

    /** It is not there to refuse anything, also where it is wrong itself. */
    @Test
    void aRuleThatWarnsAndThrowsRefusesNothing() {
        try (Bench bench = bench(source(RulePolicyTest::cannotTell, RulePolicy.WARN), Shop.BASKETS)) {
            bench.pipe(source(RulePolicyTest::cannotTell, RulePolicy.WARN), "k1", basket(NOON, "", "a"));

            assertThat(bench.letters()).isEmpty();
            assertThat(told).contains("unmet shop.noted.v1 has-note WARN");
        }
    }

    @Test
    void aRuleWithoutAPolicyRefusesAndIsCounted() {
        assertRefusesAndIsCounted(source(RulePolicyTest::hasNote, RulePolicy.DEAD_LETTER), basket(NOON, "", "a"));
    }

    private void assertRefusesAndIsCounted(EventSource<Basket> source, Basket basket) {
        try (Bench bench = bench(source, Shop.BASKETS)) {
            bench.pipe(source, "k1", basket);

            assertThat(bench.letters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.rule()).contains("has-note"));
            assertThat(told).contains("unmet shop.noted.v1 has-note DEAD_LETTER");
        }
    }

    @Test
    void aRuleThatStopsNamesRuleAndPlaceAndNoValue() {
        EventSource<Basket> source = source(RulePolicyTest::hasNote, RulePolicy.STOP);
        try (Bench bench = bench(source, Shop.BASKETS)) {
            bench.pipe(source, "k1", basket(NOON, "secret", "a"));

            assertThatThrownBy(() -> bench.pipe(source, "k2", basket(NOON, "", "hidden")))
                    .satisfies(thrown -> assertThat(Causes.chain(thrown))
                            .anyMatch(RuleStopException.class::isInstance)
                            .anySatisfy(one -> assertThat(one.getMessage())
                                    .contains(
                                            "port shop.noted.v1: the record at offset 1 of shop.noted.v1-0: rule has-note does not hold")
                                    .contains("DEAD_LETTER")
                                    .doesNotContain("hidden", "k2")));
            assertThat(bench.records(Shop.BASKETS)).hasSize(1);
        }
    }

    /** A rule that cannot tell does not hold, and its policy applies: nothing may pass it by a mistake of its own. */
    @Test
    void aRuleThatStopsAndThrowsStops() {
        EventSource<Basket> source = source(RulePolicyTest::cannotTell, RulePolicy.STOP);
        try (Bench bench = bench(source, Shop.BASKETS)) {
            assertThatThrownBy(() -> bench.pipe(source, "k1", basket(NOON, "hidden", "a")))
                    .satisfies(thrown -> assertThat(Causes.chain(thrown))
                            .anyMatch(RuleStopException.class::isInstance)
                            .anySatisfy(one -> assertThat(one.getMessage())
                                    .contains("rule has-note does not hold")
                                    .doesNotContain("hidden")));
            assertThat(bench.records(Shop.BASKETS)).isEmpty();
        }
    }

    @Test
    void aRuleThatRefusesAndThrowsIsNamedAndCounted() {
        assertRefusesAndIsCounted(
                source(RulePolicyTest::cannotTell, RulePolicy.DEAD_LETTER), basket(NOON, "hidden", "a"));
    }

    /** What is published stays published; the port's owner sees that the promise does not hold. */
    @Test
    void aPromiseThatDoesNotHoldForWhatIsPublishedIsCounted() {
        EventSource<Basket> source = source(RulePolicyTest::hasNote, RulePolicy.WARN);
        try (Bench bench = bench(source, Shop.BASKETS)) {
            bench.pipe(source, "k1", basket(NOON, "noted"));

            assertThat(bench.records(Shop.BASKETS)).hasSize(1);
            assertThat(told).contains("broken shop.baskets.v1 [has-items]");
        }
    }

    @Test
    void whatARecordBecomesIsJudgedByThePolicyOfTheOutputPort() {
        OutputPort<Basket> warned = output(RulePolicy.WARN);
        try (Bench bench = new Bench(
                Shop.product(Shop.RAW, warned),
                ports -> ports.publish(warned, ports.read(Shop.RAW).becomes(warned, same -> same).stream()),
                new Told(told))) {
            bench.pipe(Shop.RAW, "k1", basket(NOON, "", "a"));

            assertThat(bench.letters()).isEmpty();
            assertThat(told).contains("broken shop.noted-baskets.v1 [has-note]");
        }
        OutputPort<Basket> refused = output(RulePolicy.DEAD_LETTER);
        try (Bench bench = new Bench(
                Shop.product(Shop.RAW, refused),
                ports -> ports.publish(refused, ports.read(Shop.RAW).becomes(refused, same -> same).stream()))) {
            bench.pipe(Shop.RAW, "k1", basket(NOON, "", "a"));

            assertThat(bench.letters()).hasSize(1);
            assertThat(bench.records(refused)).isEmpty();
        }
    }

    private static boolean hasNote(Basket basket) {
        return !basket.getNote().isEmpty();
    }

    private static boolean cannotTell(Basket basket) {
        throw new IllegalStateException("cannot tell " + basket.getNote());
    }

    private static OutputPort<Basket> output(RulePolicy policy) {
        return OutputPort.table("shop.noted-baskets.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets.")
                .promises("has-note", "it has a note", RulePolicyTest::hasNote, policy)
                .build();
    }

    private static EventSource<Basket> source(Predicate<Basket> rule, RulePolicy policy) {
        return SourcePort.events("shop.noted.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets as they come.")
                .promises("has-note", "it has a note", rule, policy)
                .build();
    }

    private Bench bench(EventSource<Basket> source, OutputPort<Basket> output) {
        return new Bench(
                Shop.product(source, output),
                ports -> ports.publish(output, ports.read(source).stream()),
                new Told(told));
    }
}
