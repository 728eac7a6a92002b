package io.kappamesh.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.contract.PortAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectationTest {
    private static final PortAddress ORDERS = PortAddress.of("sales.orders.v1");
    private static final PortAddress RETURNS = PortAddress.of("sales.returns.v1");

    @Test
    void aKindIsExpectedOnEveryPort() {
        List<Expectation> expectations = List.of(Expectation.parse("only-serving"), Expectation.parse("timestamp"));

        assertThat(Expectation.cover(expectations, ORDERS, KeyComparison.of(DifferenceKind.ONLY_SERVING)))
                .isTrue();
        assertThat(Expectation.cover(expectations, RETURNS, KeyComparison.of(DifferenceKind.TIMESTAMP)))
                .isTrue();
        assertThat(Expectation.cover(expectations, ORDERS, KeyComparison.of(DifferenceKind.ONLY_CANDIDATE)))
                .isFalse();
        assertThat(Expectation.cover(expectations, ORDERS, changed("total"))).isFalse();
    }

    @Test
    void aPortInFrontLimitsItToThatPort() {
        List<Expectation> expectations = List.of(Expectation.parse("sales.orders.v1/only-candidate"));

        assertThat(Expectation.cover(expectations, ORDERS, KeyComparison.of(DifferenceKind.ONLY_CANDIDATE)))
                .isTrue();
        assertThat(Expectation.cover(expectations, RETURNS, KeyComparison.of(DifferenceKind.ONLY_CANDIDATE)))
                .isFalse();
    }

    @Test
    void aChangeIsExpectedIfEveryFieldIs() {
        List<Expectation> one = List.of(Expectation.parse("changed:lines[].quantity"));
        List<Expectation> both = List.of(
                Expectation.parse("changed:lines[].quantity"), Expectation.parse("sales.orders.v1/changed:to*l"));

        assertThat(Expectation.cover(one, ORDERS, changed("lines[].quantity"))).isTrue();
        assertThat(Expectation.cover(one, ORDERS, changed("lines[].quantity", "total")))
                .isFalse();
        assertThat(Expectation.cover(both, ORDERS, changed("lines[].quantity", "total")))
                .isTrue();
        assertThat(Expectation.cover(both, RETURNS, changed("lines[].quantity", "total")))
                .isFalse();
    }

    @Test
    void onlyTheStarIsSpecialInAField() {
        assertThat(Expectation.cover(List.of(Expectation.parse("changed:*")), ORDERS, changed("lines[].tax")))
                .isTrue();
        assertThat(Expectation.cover(List.of(Expectation.parse("changed:lines[].t*")), ORDERS, changed("lines[].tax")))
                .isTrue();
        assertThat(Expectation.cover(List.of(Expectation.parse("changed:lines[].t.x")), ORDERS, changed("lines[].tax")))
                .isFalse();
        assertThat(Expectation.cover(List.of(Expectation.parse("changed:lines")), ORDERS, changed("lines[].tax")))
                .isFalse();
    }

    @Test
    void whatCannotBeReadIsNeverExpected() {
        List<Expectation> all = Stream.of("only-serving", "only-candidate", "timestamp", "changed:*")
                .map(Expectation::parse)
                .toList();

        assertThat(Expectation.cover(all, ORDERS, KeyComparison.of(DifferenceKind.UNDECODABLE)))
                .isFalse();
    }

    @Test
    void aPortThatIsRemovedIsOneDifferenceAndOneThatIsDeclaredIsNone() {
        KeyComparison removed = KeyComparison.of(DifferenceKind.REMOVED);
        PortAddress totals = PortAddress.of("sales.totals.v1");

        boolean declared = Expectation.cover(List.of(Expectation.parse("sales.totals.v1/removed")), totals, removed);
        boolean other = Expectation.cover(List.of(Expectation.parse("only-serving")), totals, removed);

        assertThat(declared).isTrue();
        assertThat(PortReport.removed(totals.topic(), declared).agrees()).isTrue();
        assertThat(other).isFalse();
        assertThat(PortReport.removed(totals.topic(), other).unexpected()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "missing", "changed", "changed:", "undecodable", "orders/timestamp", "/timestamp"})
    void anythingElseIsRefusedWithTheFormsThereAre(String text) {
        IllegalArgumentException refused =
                catchThrowableOfType(IllegalArgumentException.class, () -> Expectation.parse(text));

        assertThat(refused)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContainingAll(
                        "only-serving",
                        "only-candidate",
                        "timestamp",
                        "changed:lines[].quantity",
                        "sales.orders.v1/only-serving");
    }

    private static KeyComparison changed(String... fields) {
        return new KeyComparison(
                DifferenceKind.CHANGED,
                Stream.of(fields)
                        .map(field -> new FieldChange(new FieldPath(field, field), 1, 2))
                        .toList());
    }
}
