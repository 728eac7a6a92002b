package io.kappamesh.control;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic in which a domain's decisions about its generations stand: {@code sales.mesh.control}, compacted, one partition. */
public final class ControlTopic {
    private static final String SUFFIX = ".mesh.control";

    private ControlTopic() {}

    /** Its name. */
    public static String of(String domain) {
        return domain + SUFFIX;
    }

    /** The domains that have one. */
    public static Set<String> domains(Admin admin) throws ExecutionException, InterruptedException {
        return admin.listTopics().names().get().stream()
                .filter(topic -> topic.endsWith(SUFFIX))
                .map(topic -> topic.substring(0, topic.length() - SUFFIX.length()))
                .collect(java.util.stream.Collectors.toCollection(java.util.TreeSet::new));
    }

    /** Creates it where it is missing; several may do so at once. */
    public static void ensure(Admin admin, String domain) throws ExecutionException, InterruptedException {
        NewTopic topic = new NewTopic(of(domain), Optional.of(1), Optional.empty())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        if (admin.listTopics().names().get().contains(topic.name())) {
            return;
        }
        try {
            admin.createTopics(Set.of(topic)).all().get();
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw failed;
            }
        }
    }

    static TopicPartition partition(String domain) {
        return new TopicPartition(of(domain), 0);
    }
}
