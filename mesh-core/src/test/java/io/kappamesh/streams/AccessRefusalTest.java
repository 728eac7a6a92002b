package io.kappamesh.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class AccessRefusalTest {
    private static final Set<String> INPUTS = Set.of("a.in.v1");

    @Test
    void theRightIsNamedAfterWhatTheTopicIsFor() {
        assertThat(AccessRefusal.right(
                        new StreamsException(new TopicAuthorizationException(Set.of("a.out.v1"))), INPUTS))
                .contains("Write on topic a.out.v1");
        assertThat(AccessRefusal.right(new TopicAuthorizationException(Set.of("a.in.v1")), INPUTS))
                .contains("Read on topic a.in.v1");
        assertThat(AccessRefusal.right(new TopicAuthorizationException(Set.of("a.p.g1-s-changelog")), INPUTS))
                .contains("Read and Write on topic a.p.g1-s-changelog");
        assertThat(AccessRefusal.right(
                        new KafkaException("Unexpected error in TxnOffsetCommitResponse: Topic authorization failed."),
                        INPUTS))
                .contains("Read on one of the topics [a.in.v1], whose offsets it commits");
    }

    @Test
    void othersAreNamedToo() {
        assertThat(AccessRefusal.right(GroupAuthorizationException.forGroupId("a.p.g1"), INPUTS))
                .contains("Read on group a.p.g1");
        assertThat(AccessRefusal.right(new TransactionalIdAuthorizationException("no"), INPUTS))
                .contains("Write on its transactional ids");
        assertThat(AccessRefusal.right(new SaslAuthenticationException("no"), INPUTS))
                .contains("the credentials");
    }

    @Test
    void whatFailsForAnotherReasonIsNoRefusal() {
        assertThat(AccessRefusal.right(new StreamsException(new TimeoutException("away")), INPUTS))
                .isEmpty();
    }
}
