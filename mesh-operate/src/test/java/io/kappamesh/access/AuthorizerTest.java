package io.kappamesh.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AuthorizerTest {
    private static final List<AclBinding> OWNER = new DomainAccess("sales", Set.of(), Set.of(), Set.of())
            .rules(Duty.RUN, "").stream()
                    .flatMap(rule -> rule.bindings("User:sales").stream())
                    .toList();

    @Test
    void whoeverMayReadAPortAndNotWriteItReadsOn() {
        Authorizer authorizer = with(
                rule("User:logistics", "sales.orders.v1", PatternType.LITERAL, AclOperation.READ),
                rule("User:lake", "sales.", PatternType.PREFIXED, AclOperation.READ),
                rule("User:auditors", "*", PatternType.LITERAL, AclOperation.ALL),
                rule("User:search", "*", PatternType.LITERAL, AclOperation.READ),
                rule("User:looker", "sales.orders.v1", PatternType.LITERAL, AclOperation.DESCRIBE),
                rule("User:elsewhere", "sales.orders.v2", PatternType.LITERAL, AclOperation.READ));

        assertThat(authorizer.mayHide()).isTrue();
        assertThat(authorizer.readers(Set.of("sales.orders.v1")).orElseThrow())
                .containsExactly("User:lake", "User:logistics", "User:search");
    }

    @Test
    void whoWritesAnotherPortMayStillReadThisOne() {
        Authorizer authorizer =
                with(rule("User:sales", "logistics.shipments.v1", PatternType.LITERAL, AclOperation.READ));

        assertThat(authorizer
                        .readers(Set.of("sales.orders.v1", "logistics.shipments.v1"))
                        .orElseThrow())
                .containsExactly("User:sales");
    }

    @Test
    void aPortThatOnlyItsOwnersReachHasNoReaders() {
        assertThat(with().readers(Set.of("sales.orders.v1")).orElseThrow()).isEmpty();
    }

    private static Authorizer with(AclBinding... more) {
        return Authorizer.with(Stream.concat(OWNER.stream(), Stream.of(more)).toList());
    }

    private static AclBinding rule(String principal, String topic, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, pattern),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }
}
