package io.kappamesh.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.condition.Condition;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contracts.avrotest.Purchase;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What of a rule may be another. Schemas and everything else: {@code SchemaChangesTest}. */
class ReleaseGateTest {
    private static final OutputDescription AS_FUNCTION =
            port(port -> port.promises("has-lines", "an order has lines", order -> true));
    private static final OutputDescription AS_TEXT =
            port(port -> port.promises("has-lines", "an order has lines", Condition.of("lines is not empty")));
    private static final OutputDescription AS_OTHER_TEXT =
            port(port -> port.promises("has-lines", "an order has lines", Condition.of("lines is empty")));

    /** A build from before the rule was text promises less, and must be able to start again. */
    @Test
    void aRuleThatWasAFunctionMayComeBackAtARollBack() {
        assertThat(breaches(AS_TEXT, AS_FUNCTION)).singleElement().satisfies(breach -> {
            assertThat(breach.isTakenBack()).isTrue();
            assertThat(breach.message()).contains("\"lines is not empty\"", "a function");
        });
    }

    @Test
    void anotherConditionIsRefused() {
        assertThat(breaches(AS_TEXT, AS_OTHER_TEXT))
                .singleElement()
                .satisfies(breach -> assertThat(breach.isTakenBack()).isFalse());
    }

    @Test
    void aRuleMayBecomeText() {
        assertThat(breaches(AS_FUNCTION, AS_TEXT)).isEmpty();
    }

    /**
     * A start knows what serves, and no history of it: what one deployment takes back and the next one says otherwise passes there. The build has all releases, and
     * refuses it, because readers of the first one may still rely on it.
     */
    @Test
    void whatIsTakenBackAndThenChangedIsRefusedByTheBuildAndNotByAStart() {
        OutputDescription silent = port(port -> port);
        assertThatTheBuildRemembers(AS_TEXT, silent, AS_OTHER_TEXT, "rule-dropped", "rule-changed");
        assertThatTheBuildRemembers(
                port(port -> port.key("id")), silent, port(port -> port.key("customer")), "key-dropped", "key");
    }

    private static void assertThatTheBuildRemembers(
            OutputDescription first,
            OutputDescription second,
            OutputDescription third,
            String takenBack,
            String changed) {
        assertThat(atStart(first, second)).singleElement().satisfies(breach -> {
            assertThat(breach.rule()).isEqualTo(takenBack);
            assertThat(breach.isTakenBack()).as("logged, and no refusal").isTrue();
        });
        assertThat(atStart(second, third)).isEmpty();
        assertThat(ReleaseGate.breaches(
                        List.of(new ReleasedPort("release 1", first), new ReleasedPort("release 2", second)), third))
                .singleElement()
                .satisfies(breach -> {
                    assertThat(breach.rule()).isEqualTo(changed);
                    assertThat(breach.isTakenBack()).isFalse();
                    assertThat(breach.message()).contains("release 1", "sales.orders.v2");
                });
    }

    private static List<Breach> atStart(OutputDescription serving, OutputDescription now) {
        return ReleaseGate.terms(new ReleasedPort("the catalogue", serving), now);
    }

    private static List<Breach> breaches(OutputDescription before, OutputDescription now) {
        return ReleaseGate.breaches(List.of(new ReleasedPort("release 1", before)), now);
    }

    private static OutputDescription port(UnaryOperator<PortBuilder<Purchase, OutputPort<Purchase>>> with) {
        return OutputDescription.of(
                with.apply(OutputPort.table("sales.orders.v1", Purchase.class)
                                .eventTime("placedAt")
                                .describedAs("Orders."))
                        .build(),
                Map.of());
    }
}
