package io.kappamesh.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteAccessTest {
    @Test
    void topicsThatMayBeReadOnlyAreNamedAndOnesOfWhichNothingIsToldAreNot() {
        assertThat(WriteAccess.refused(List.of(
                        topic("sales.orders.v1", Set.of(AclOperation.READ, AclOperation.DESCRIBE)),
                        topic("sales.orders.v1.g1", Set.of(AclOperation.WRITE, AclOperation.DESCRIBE)),
                        topic("sales.other.v1", null),
                        topic("sales.another.v1", Set.of()))))
                .containsExactly("sales.orders.v1");
    }

    private static TopicDescription topic(String name, @Nullable Set<AclOperation> allowed) {
        return new TopicDescription(name, false, List.of(), allowed);
    }
}
