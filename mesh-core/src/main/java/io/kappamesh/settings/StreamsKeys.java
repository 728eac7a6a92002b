package io.kappamesh.settings;

import io.kappamesh.Internal;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What may be set behind {@code streams.}: everything that Kafka Streams and its clients know, except what the library decides.
 * A client's key needs the client in front ({@code streams.producer.linger.ms}), so that each key has one place.
 */
@Internal
public final class StreamsKeys {
    public static final String PREFIX = "streams.";
    private static final String TAG = PREFIX + StreamsConfig.CLIENT_TAG_PREFIX;
    private static final ConfigDef TOPICS = topics();

    private StreamsKeys() {}

    /** All keys by their full name, those that are refused included. */
    static Map<String, ConfigKey> known() {
        return Known.KEYS;
    }

    /** Gathered once: there are hundreds. */
    private static final class Known {
        static final Map<String, ConfigKey> KEYS = Collections.unmodifiableMap(gathered());
    }

    private static Map<String, ConfigKey> gathered() {
        Map<String, ConfigKey> known = new TreeMap<>();
        for (Scope scope : Scope.values()) {
            scope.definition.configKeys().forEach((name, key) -> known.put(PREFIX + scope.prefix + name, key));
        }
        return known;
    }

    /** Whether a key belongs to a family whose last part is the operator's own. */
    static boolean isFreeForm(String key) {
        return key.startsWith(TAG) && key.length() > TAG.length();
    }

    /** Why a known key may not have this value, if so. */
    static Optional<String> refusal(String key, String value) {
        String name = key.substring(PREFIX.length());
        Scope scope = Scope.of(name);
        Optional<Owned> owned = Owned.of(scope, name.substring(scope.prefix.length()));
        return owned.filter(found -> !value.equals(found.accepted)).map(found -> found.reason);
    }

    /** What was probably meant by an unknown key. */
    static String hint(String key) {
        String name = key.substring(PREFIX.length());
        List<String> meant = Arrays.stream(Scope.values())
                .filter(scope -> scope.definition.names().contains(name))
                .map(scope -> PREFIX + scope.prefix + name)
                .toList();
        return meant.isEmpty() ? "Kafka Streams and its clients have no such config" : "say which: " + meant;
    }

    /** Kafka gives clients the names of topic configs, but not their definition; the broker judges the values. */
    private static ConfigDef topics() {
        ConfigDef topics = new ConfigDef();
        for (Field field : TopicConfig.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getName().endsWith("_CONFIG")) {
                try {
                    String name = (String) field.get(null);
                    topics.define(name, type(name), null, Importance.LOW, "");
                } catch (IllegalAccessException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }
        return topics;
    }

    private static ConfigDef.Type type(String topicConfig) {
        return topicConfig.endsWith(".ms") || topicConfig.endsWith(".bytes") || topicConfig.endsWith(".messages")
                ? ConfigDef.Type.LONG
                : ConfigDef.Type.STRING;
    }

    /** To whom a key goes. The order matters: the first prefix that fits is the one. */
    private enum Scope {
        MAIN_CONSUMER(StreamsConfig.MAIN_CONSUMER_PREFIX, ConsumerConfig.configDef()),
        RESTORE_CONSUMER(StreamsConfig.RESTORE_CONSUMER_PREFIX, ConsumerConfig.configDef()),
        GLOBAL_CONSUMER(StreamsConfig.GLOBAL_CONSUMER_PREFIX, ConsumerConfig.configDef()),
        CONSUMER(StreamsConfig.CONSUMER_PREFIX, ConsumerConfig.configDef()),
        PRODUCER(StreamsConfig.PRODUCER_PREFIX, ProducerConfig.configDef()),
        ADMIN(StreamsConfig.ADMIN_CLIENT_PREFIX, AdminClientConfig.configDef()),
        TOPIC(StreamsConfig.TOPIC_PREFIX, TOPICS),
        STREAMS("", StreamsConfig.configDef());

        private final String prefix;

        @SuppressWarnings("ImmutableEnumChecker") // never changed after it was built
        private final ConfigDef definition;

        Scope(String prefix, ConfigDef definition) {
            this.prefix = prefix;
            this.definition = definition;
        }

        static Scope of(String name) {
            return Arrays.stream(values())
                    .filter(scope -> name.startsWith(scope.prefix))
                    .findFirst()
                    .orElse(STREAMS);
        }

        boolean consumes() {
            return prefix.endsWith(StreamsConfig.CONSUMER_PREFIX);
        }
    }

    /** A key that the library decides, why, and the one value that is not a contradiction. */
    private record Owned(String reason, String accepted) {
        private static final String NONE = "";

        static Optional<Owned> of(Scope scope, String name) {
            if (SettingKeys.securesClients(name) || name.equals(SettingKeys.BOOTSTRAP_SERVERS)) {
                return because("it is the same for every client; set " + name);
            }
            if (name.equals("client.id")) {
                return because("clients are named after their product and generation");
            }
            if (scope.consumes()) {
                return consumer(name);
            }
            return switch (scope) {
                case PRODUCER -> producer(name);
                case TOPIC -> topic(name);
                case STREAMS -> streams(name);
                default -> Optional.empty();
            };
        }

        private static Optional<Owned> consumer(String name) {
            return switch (name) {
                case "group.id" -> because("the group is named after product and generation");
                case "group.instance.id" -> because("set mesh.instance.id");
                case "group.protocol" ->
                    because("the gate in front of the inputs needs the classic protocol", "classic");
                case "group.remote.assignor", "partition.assignment.strategy" ->
                    because("Kafka Streams assigns its own tasks");
                case "key.deserializer", "value.deserializer" ->
                    because("the intake reads bytes by the port's contract");
                case "enable.auto.commit" -> because("offsets are committed with the product's transaction", "false");
                case "isolation.level" -> because("what was not committed must not be counted", "read_committed");
                case "auto.offset.reset" -> because("a generation begins at the start of its inputs", "earliest");
                case "allow.auto.create.topics" -> because("a topic is created by its owner only", "false");
                default -> Optional.empty();
            };
        }

        private static Optional<Owned> producer(String name) {
            return switch (name) {
                case "transactional.id" -> because("transactions are named after product and generation");
                case "enable.idempotence" -> because("exactly-once needs it", "true");
                case "acks" -> because("exactly-once needs all of them", "all");
                case "key.serializer", "value.serializer" -> because("records are written by the port's contract");
                case "partitioner.class", "partitioner.ignore.keys" ->
                    because("which partition a key is in is part of the port's contract");
                default -> Optional.empty();
            };
        }

        private static Optional<Owned> topic(String name) {
            return switch (name) {
                case "cleanup.policy", "retention.ms", "retention.bytes" ->
                    because(
                            "internal topics keep what their stores need; see windowstore.changelog.additional.retention.ms");
                case "message.timestamp.after.max.ms", "message.timestamp.before.max.ms" ->
                    because("an event is never refused for its time", String.valueOf(Long.MAX_VALUE));
                case "message.timestamp.type" -> because("event time is the only time a product knows", "CreateTime");
                default -> Optional.empty();
            };
        }

        private static Optional<Owned> streams(String name) {
            return switch (name) {
                case "application.id" -> because("it is the product's name and generation");
                case "processing.guarantee" -> because("a product is exactly-once", "exactly_once_v2");
                case "group.protocol" ->
                    because("the gate in front of the inputs needs the classic protocol", "classic");
                case "ensure.explicit.internal.resource.naming" ->
                    because("a change of the topology must not rename its state", "true");
                case "topology.optimization" -> because("a topology is code, the same in replay and live");
                case "commit.interval.ms" -> because("set mesh.commit.interval.live and mesh.commit.interval.replay");
                case "num.stream.threads" -> because("set mesh.threads");
                case "application.server" -> because("set mesh.application.server");
                case "state.dir" -> because("set mesh.state.dir");
                case "task.timeout.ms" -> because("set mesh.platform.timeout");
                case "statestore.cache.max.bytes", "cache.max.bytes.buffering" -> because("set mesh.cache.bytes");
                case "rocksdb.config.setter" -> because("all stores share one memory; set mesh.rocksdb.memory.bytes");
                case "config.providers" -> because("set config.providers");
                case "default.client.supplier" -> because("the gate in front of the inputs is a client supplier");
                case "default.timestamp.extractor" -> because("each input port names the field of event time");
                case "processor.wrapper.class" -> because("the library observes processors through it");
                case "window.size.ms", "windowed.inner.class.serde" -> because("they belong to plain consumers");
                default ->
                    name.contains("exception.handler") || name.startsWith("errors.dead.letter")
                            ? because("records are refused at the intake, and what fails behind it is a bug")
                            : name.contains("serde")
                                    ? because("records are read and written by the port's contract")
                                    : Optional.empty();
            };
        }

        private static Optional<Owned> because(String reason) {
            return because(reason, NONE);
        }

        private static Optional<Owned> because(String reason, String accepted) {
            return Optional.of(new Owned(reason, accepted));
        }
    }
}
