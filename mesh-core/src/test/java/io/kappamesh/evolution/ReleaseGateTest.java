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
