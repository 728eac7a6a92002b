package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.OwnedPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.policy.Severity;
import io.kappamesh.policy.Violation;
import io.kappamesh.provision.PolicyGate;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class PolicyCheckTest {
    private static final Schema DOCUMENTED = schema("\"doc\": \"Its number.\"");
    private static final Schema BARE = schema("\"order\": \"ascending\"");

    @Test
    void aProductThatSaysEverythingPasses() {
        assertThatCode(() -> PolicyCheck.of(List.of(product("shop.orders", DOCUMENTED)))
                        .passesStrictly())
                .doesNotThrowAnyException();
    }

    @Test
    void whatOnlyWarnsPassesAndIsTold() {
        PolicyCheck check = PolicyCheck.of(List.of(product("shop.orders", BARE)));

        assertThatCode(check::passes).doesNotThrowAnyException();
        assertThat(check.violations())
                .extracting(Violation::policy, Violation::where)
                .containsExactly(tuple("field-documented", "port shop.orders.v1, field id"));
        assertThatThrownBy(check::passesStrictly).hasMessageContaining("field id: has no documentation");
        assertThatThrownBy(() -> check.with("field-documented", Severity.REFUSE).passes())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("policy field-documented");
        assertThatThrownBy(() -> check.with("documented", Severity.REFUSE))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("company-no-test-ports");
    }

    @Test
    void thePoliciesOfAnOrganisationAreAskedToo() {
        assertThatThrownBy(() -> PolicyCheck.of(List.of(product("shop.test-orders", DOCUMENTED)))
                        .passes())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "port shop.test-orders.v1: is a port for tests; publish it from a test environment only");
    }

    @Test
    void aSourceThatIsKeptForLessThanThePortIsToldInTheBuild() {
        Schema timed = new Schema.Parser().parse("""
                {"type": "record", "name": "Event", "fields": [
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}""");
        StreamingProduct product = reading(
                SourcePort.events("shop.raw-orders.v1", GenericRecord.class)
                        .schema(timed)
                        .eventTime("at")
                        .keptFor(Duration.ofDays(7))
                        .describedAs("Orders as they come")
                        .build(),
                "shop.orders",
                DOCUMENTED);

        assertThat(PolicyCheck.of(List.of(product)).violations())
                .extracting(Violation::policy)
                .containsExactly("retention-for-replay");
    }

    @Test
    void aStartRefusesWhatAPolicyRefuses() {
        List<DataProduct> products = List.of(
                product("shop.orders", BARE).product(),
                product("shop.test-orders", DOCUMENTED).product());

        StartupException byTheCompany = refusal(Map.of(), products);
        assertThat(byTheCompany.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(byTheCompany.problems()).singleElement().asString().contains("company-no-test-ports");
        StartupException bySetting =
                refusal(Map.of("mesh.policies", "field-documented=refuse,company-no-test-ports=off"), products);
        assertThat(bySetting.problems()).singleElement().asString().contains("field-documented");
        assertThat(refusal(Map.of("mesh.policies", "field-docs=refuse"), products)
                        .problems())
                .singleElement()
                .asString()
                .contains("policy field-docs: is not known");
        assertThatCode(() ->
                        PolicyGate.require(settings(Map.of("mesh.policies", "company-no-test-ports=warn")), products))
                .doesNotThrowAnyException();
    }

    private static StartupException refusal(Map<String, String> settings, List<DataProduct> products) {
        return catchThrowableOfType(StartupException.class, () -> PolicyGate.require(settings(settings), products));
    }

    private static Settings settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("bootstrap.servers", "127.0.0.1:1");
        all.put("schema.registry.url", "http://127.0.0.1:1");
        return Settings.of(all, Map.of());
    }

    private static StreamingProduct product(String name, Schema schema) {
        return reading(
                SourcePort.table("shop.raw-orders.v1", GenericRecord.class)
                        .schema(schema)
                        .withoutEventTime()
                        .describedAs("Orders as they come")
                        .build(),
                name,
                schema);
    }

    private static StreamingProduct reading(OwnedPort<GenericRecord> source, String name, Schema schema) {
        return new StreamingProduct(
                DataProduct.named(name)
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Orders")
                        .reads(source)
                        .publishes(OutputPort.table(name + ".v1", GenericRecord.class)
                                .schema(schema)
                                .withoutEventTime()
                                .key("id")
                                .describedAs("Orders as they are")
                                .build())
                        .build(),
                ports -> {});
    }

    private static Schema schema(String doc) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Order\", \"namespace\": \"org.example.shop\", \"fields\": ["
                        + "{\"name\": \"id\", \"type\": \"string\", " + doc + "}]}");
    }
}
