package io.kappamesh.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.ProductName;
import java.util.Set;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.junit.jupiter.api.Test;

class DomainAccessTest {
    private static final DomainAccess ACCESS = new DomainAccess(
            "sales",
            Set.of("crm.customers.v1", "sales.order-events.v1"),
            Set.of("sales.orders.v1"),
            Set.of(ProductName.of("sales.orders"), ProductName.of("logistics.shipments")));

    @Test
    void onePrefixCoversWhatTheDomainOwnsAndForeignInputsAreNamed() {
        assertThat(ACCESS.rules(Duty.RUN, ""))
                .extracting(rule -> rule.command("broker:9092", "User:sales"))
                .containsExactly(
                        "kafka-acls.sh --bootstrap-server broker:9092 --add --allow-principal User:sales --operation Read"
                                + " --operation Write --operation Create --operation Delete --operation DescribeConfigs"
                                + " --topic sales. --resource-pattern-type prefixed",
                        "kafka-acls.sh --bootstrap-server broker:9092 --add --allow-principal User:sales --operation Read"
                                + " --group sales. --resource-pattern-type prefixed",
                        "kafka-acls.sh --bootstrap-server broker:9092 --add --allow-principal User:sales --operation Write"
                                + " --transactional-id sales. --resource-pattern-type prefixed",
                        "kafka-acls.sh --bootstrap-server broker:9092 --add --allow-principal User:sales --operation Read"
                                + " --operation DescribeConfigs --topic crm.customers.v1");
    }

    @Test
    void anOperatorReadsTheControlTopicsOfOthersAndAsksTheClusterForSizes() {
        assertThat(ACCESS.rules(Duty.OPERATOR, ""))
                .extracting(rule -> rule.command("b:1", "User:o"))
                .anyMatch(command -> command.endsWith("--operation Read --topic logistics.shipments.mesh.control"))
                .anyMatch(command -> command.endsWith("--operation Describe --cluster"))
                .noneMatch(command -> command.contains("sales.orders.mesh.control"));
    }

    @Test
    void aConsumerReadsPublicTopicsAndTheirCatalogueInItsGroupAndNothingElse() {
        assertThat(ACCESS.rules(Duty.CONSUMER, "reports")).allSatisfy(rule -> {
            assertThat(rule.pattern()).isEqualTo(PatternType.LITERAL);
            assertThat(rule.operations()).containsExactly(AclOperation.READ);
            assertThat(rule.name()).isIn("sales.orders.v1", "sales.mesh.catalog", "reports");
        });
    }

    @Test
    void aPrincipalOfTlsIsQuotedForAShell() {
        AccessRule rule = ACCESS.rules(Duty.PROVISION, "").get(0);

        assertThat(rule.command("b:1", "User:CN=sales,O=It's Ours"))
                .contains("--allow-principal 'User:CN=sales,O=It'\\''s Ours' --operation");
        assertThat(rule.bindings("User:sales"))
                .extracting(AclBinding::entry)
                .extracting(entry -> entry.operation())
                .containsExactly(AclOperation.CREATE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);
    }
}
