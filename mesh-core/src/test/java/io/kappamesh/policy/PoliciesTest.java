package io.kappamesh.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kappamesh.declaration.DeclarationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final DescribedField ID = field("orderId", "Its number.", "public");

    @Test
    void aProductThatSaysEverythingViolatesNothing() {
        assertThat(Policies.load().violations(product(port("Orders", ID)))).isEmpty();
    }

    @Test
    void whatIsMissingIsNamedWithItsPlaceAndTheRemedy() {
        DescribedPort port = port("", field("order_Id", "", ""), field("lines[].eMail", "Where to write to.", ""));
        DescribedProduct product = new DescribedProduct("sales.orders", "sales", "TBD", " ", List.of(port), List.of());

        assertThat(Policies.load().violations(product).stream().map(Violation::message))
                .containsExactly(
                        "product sales.orders: has no owner who can be reached; name team and contact in ownedBy(TEAM, CONTACT) (policy owner)",
                        "product sales.orders: has no description; say what it offers in describedAs(…) (policy product-described)",
                        "port sales.orders.v1: has no description; say what it tells in describedAs(…) (policy port-described)",
                        "port sales.orders.v1, field order_Id: has no documentation; write what it means as its doc in the schema (policy"
                                + " field-documented)",
                        "port sales.orders.v1, field order_Id: has a name that is neither camelCase nor snake_case; rename it in the next major"
                                + " version, with the old name until then (policy field-name)",
                        "port sales.orders.v1, field lines[].eMail: looks like personal data, and its schema does not classify it; add"
                                + " \"classification\": \"personal\" to it, or \"public\" if everybody may see it (policy personal-data-classified)");
    }

    @Test
    void namesOfPersonsAreTold() {
        assertThat(List.of("email", "customerEmail", "e_mail", "first_name", "birthDate", "mobilePhone", "IBAN"))
                .allSatisfy(name -> assertThat(violated(field(name, "doc", ""))).contains("personal-data-classified"));
        assertThat(List.of("productName", "firstOrder", "mailing", "emailed", "phonebook", "name", "lastUpdate"))
                .allSatisfy(name ->
                        assertThat(violated(field(name, "doc", ""))).doesNotContain("personal-data-classified"));
        assertThat(violated(field("email", "doc", "public"))).doesNotContain("personal-data-classified");
    }

    @Test
    void aReplayNeedsItsInputsForAsLongAsThePortIsKept() {
        Duration month = Duration.ofDays(30);
        Duration day = Duration.ofDays(1);

        assertThat(keeping(month, day, month.plus(day))).isEmpty();
        assertThat(keeping(month, day, month)).containsExactly("retention-for-replay");
        assertThat(keeping(null, day, month)).containsExactly("retention-for-replay");
        assertThat(keeping(month, null, month.multipliedBy(10))).containsExactly("retention-for-replay");
        assertThat(keeping(null, null, null)).isEmpty();
    }

    @Test
    void severitiesAreGivenById() {
        Policies policies = Policies.load().with(Map.of("field-documented", "refuse", "port-described", "off"));
        DescribedProduct product = product(port("", field("orderId", "", "")));

        assertThat(policies.violations(product))
                .extracting(Violation::policy, Violation::severity)
                .containsExactly(tuple("field-documented", Severity.REFUSE));
        assertThatThrownBy(() -> policies.with(Map.of("field-documentd", "refuse")))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining(
                        "policy field-documentd: is not known; those that are: field-documented, field-name");
        assertThat(policies.with(Map.of("field-documentd", "off", "company-region", "warn"))
                        .ids())
                .as(
                        "what is not there does not refuse anyhow: an older build, or a console without the company's jar, goes on")
                .isEqualTo(policies.ids());
        assertThatThrownBy(() -> policies.with(Map.of("owner", "fatal")))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("'fatal' is no severity");
    }

    @Test
    void policiesThatAreNotInOrderAreRefused() {
        Policy broken = Policy.ofPort("broken", Severity.WARN, "is wrong", "mend it", port -> {
            throw new IllegalStateException("oh");
        });

        assertThatThrownBy(() -> Policies.of(List.of(broken)).violations(product(port("Orders", ID))))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("policy broken: cannot judge product sales.orders")
                .hasMessageContaining("mesh.policies=broken=off");
        Policy endless = Policy.ofPort("endless", Severity.WARN, "is wrong", "mend it", port -> {
            throw new NoClassDefFoundError("company/Rules");
        });
        assertThatThrownBy(() -> Policies.of(List.of(endless)).violations(product(port("Orders", ID))))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("mesh.policies=endless=off");
        assertThatThrownBy(() -> Policies.of(List.of(broken, broken)))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("two of this id");
        assertThatThrownBy(() -> Policy.ofProduct("No Id", Severity.WARN, "a", "b", product -> true))
                .isInstanceOf(DeclarationException.class);
    }

    private static List<String> violated(DescribedField field) {
        return Policies.load().violations(product(port("Orders", field))).stream()
                .map(Violation::policy)
                .toList();
    }

    private static List<String> keeping(Duration port, Duration lookBack, Duration input) {
        DescribedPort kept = new DescribedPort(
                "sales.orders.v1",
                false,
                "Orders",
                Optional.of("orderId"),
                Optional.of("at"),
                Optional.of(Duration.ofSeconds(5)),
                Optional.ofNullable(port),
                Optional.ofNullable(lookBack),
                List.of(ID));
        DescribedProduct product = new DescribedProduct(
                "sales.orders",
                "sales",
                "sales@example.org",
                "Orders",
                List.of(kept),
                List.of(
                        new DescribedInput("sales.events.v1", false, Optional.ofNullable(input)),
                        new DescribedInput("sales.rates.v1", true, Optional.of(Duration.ZERO))));
        return Policies.load().violations(product).stream()
                .map(Violation::policy)
                .toList();
    }

    private static DescribedProduct product(DescribedPort port) {
        return new DescribedProduct("sales.orders", "sales", "sales@example.org", "Orders", List.of(port), List.of());
    }

    private static DescribedPort port(String description, DescribedField... fields) {
        return new DescribedPort(
                "sales.orders.v1",
                true,
                description,
                Optional.of("orderId"),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(5)),
                Optional.empty(),
                Optional.empty(),
                List.of(fields));
    }

    private static DescribedField field(String path, String doc, String classification) {
        return new DescribedField(
                path, "string", doc, Optional.of(classification).filter(word -> !word.isEmpty()));
    }
}
