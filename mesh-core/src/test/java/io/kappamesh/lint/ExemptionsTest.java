package io.kappamesh.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.example.shop.Shop.EVENTS;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import org.example.shop.BrokenSteps;
import org.example.shop.BrokenTopologies;
import org.example.shop.Shop;
import org.junit.jupiter.api.Test;

class ExemptionsTest {

    @Test
    void whatIsExemptIsNotFound() {
        assertThat(lint(
                        Shop.declared(EVENTS).exempts("clock", "BrokenSteps.instant", "it is for a log"),
                        BrokenSteps::instant))
                .isEmpty();
        assertThat(lint(
                        Shop.declared(EVENTS).exempts("closing-window", "count", "nothing is ever late"),
                        BrokenTopologies::windows))
                .isEmpty();
    }

    @Test
    void anotherPlaceAndAnotherRuleAreFoundAllTheSame() {
        assertThat(lint(
                        Shop.declared(EVENTS)
                                .exempts("clock", "BrokenSteps.localDate", "it is for a log")
                                .exempts("randomness", "BrokenSteps.instant", "it is for a log"),
                        BrokenSteps::instant))
                .extracting(Finding::rule)
                .containsExactly(Rule.CLOCK, Rule.EXEMPTION, Rule.EXEMPTION);
    }

    @Test
    void anExemptionThatMatchesNothingIsAFinding() {
        assertThat(lint(
                        Shop.declared(EVENTS).exempts("clock", "BrokenSteps.gone", "it is for a log"),
                        BrokenTopologies::openWindows))
                .extracting(Finding::message)
                .containsExactly(
                        "product shop.test: the exemption from 'clock' at 'BrokenSteps.gone' matches nothing that is"
                                + " found, but it hides from its reader what is deliberate; take it out, or correct it [exemption]");
    }

    @Test
    void anExemptionFromARuleThatDoesNotExistTellsWhichThereAre() {
        assertThat(lint(
                        Shop.declared(EVENTS).exempts("exemption", "BrokenSteps.instant", "it is for a log"),
                        BrokenTopologies::openWindows))
                .singleElement()
                .extracting(Finding::what)
                .asString()
                .contains(
                        "[stream-table-join, corrected-input, global-table, wall-clock-punctuation, stream-time-punctuation, unnamed-state,"
                                + " closing-window, emit-on-close, task-idle, clock, stream-time, randomness, input-output,"
                                + " environment, threads, identity-hash, static-state, unseen-code]");
    }

    private static List<Finding> lint(DataProduct.Builder product, ProductTopology topology) {
        return Linter.lint(new StreamingProduct(product.build(), topology), Map.of());
    }
}
