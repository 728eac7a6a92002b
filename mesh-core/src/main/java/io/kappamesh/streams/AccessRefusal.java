package io.kappamesh.streams;

import io.kappamesh.failure.Causes;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.protocol.Errors;

/** Says which right is missing where brokers refuse access. Stateless. */
final class AccessRefusal {
    private AccessRefusal() {}

    /**
     * What is refused, such as {@code Write on topic sales.orders.v1}; empty = nothing is, it fails for another reason.
     *
     * @param inputs the topics that are only read
     */
    static Optional<String> right(Throwable fault, Set<String> inputs) {
        for (Throwable at : Causes.chain(fault).toList()) {
            if (at instanceof AuthenticationException) {
                return Optional.of("the credentials");
            }
            if (at instanceof AuthorizationException refusal) {
                return Optional.of(right(refusal, inputs));
            }
            if (isRefusedCommit(at)) {
                return Optional.of("Read on one of the topics "
                        + inputs.stream().sorted().toList() + ", whose offsets it commits");
            }
        }
        return Optional.empty();
    }

    /** The producer has no words of its own for offsets of a topic that may not be read (Kafka 4.3). */
    static boolean isRefusedCommit(Throwable fault) {
        return fault.getClass() == KafkaException.class
                && String.valueOf(fault.getMessage()).endsWith(Errors.TOPIC_AUTHORIZATION_FAILED.message());
    }

    /** Internal topics are read as well as written, and the refusal is of either. */
    private static String operation(String topic, Set<String> inputs) {
        if (inputs.contains(topic)) {
            return "Read";
        }
        return topic.endsWith("-changelog") || topic.endsWith("-repartition") ? "Read and Write" : "Write";
    }

    private static String right(AuthorizationException refusal, Set<String> inputs) {
        if (refusal instanceof TopicAuthorizationException topics
                && !topics.unauthorizedTopics().isEmpty()) {
            return topics.unauthorizedTopics().stream()
                    .sorted()
                    .map(topic -> operation(topic, inputs) + " on topic " + topic)
                    .collect(Collectors.joining(", "));
        }
        if (refusal instanceof GroupAuthorizationException group) {
            return "Read on group " + group.groupId();
        }
        if (refusal instanceof TransactionalIdAuthorizationException) {
            return "Write on its transactional ids";
        }
        return refusal instanceof ClusterAuthorizationException
                ? "IdempotentWrite on the cluster"
                : String.valueOf(refusal.getMessage());
    }
}
