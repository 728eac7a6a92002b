package io.kappamesh.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Judges together what was given as {@code streams.…}, as Kafka Streams and its clients would when they are made: a timeout that another
 * one contradicts, a class that is not there. Makes no client. Stateless.
 */
final class KafkaClientConfigs {
    /** Kafka's clients make these themselves, from lists of class names that nothing else judges. */
    private static final List<String> CLASSES =
            List.of(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG);

    private KafkaClientConfigs() {}

    /**
     * What does not hold, by setting.
     *
     * @param streams by key without the prefix {@code streams.}, valid each for itself
     */
    static Map<String, String> problems(Map<String, String> streams) {
        Map<String, String> problems = new TreeMap<>();
        streams.forEach((key, value) -> {
            if (CLASSES.stream().anyMatch(list -> key.equals(list) || key.endsWith("." + list))) {
                classes(key, value, problems);
            }
        });
        if (problems.isEmpty() && !streams.isEmpty()) {
            together(streams, problems);
        }
        return problems;
    }

    private static void classes(String key, String value, Map<String, String> problems) {
        for (String name : value.split(",", -1)) {
            try {
                if (!name.isBlank()) {
                    Class.forName(name.trim(), false, Thread.currentThread().getContextClassLoader());
                }
            } catch (ClassNotFoundException | LinkageError absent) {
                problems.put(
                        StreamsKeys.PREFIX + key, "expected names of classes on the class path, and one is not there");
            }
        }
    }

    private static void together(Map<String, String> streams, Map<String, String> problems) {
        Map<String, Object> all = new HashMap<>(StreamsDefaults.tuned());
        all.putAll(streams);
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, "none.none.g1");
        all.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        try {
            SilentStreams config = new SilentStreams(all);
            Map<String, Object> consumer = config.getMainConsumerConfigs("none.none.g1", "none", 0);
            consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            heartbeat(new SilentConsumer(consumer));
            Map<String, Object> restoring = config.getRestoreConsumerConfigs("none");
            restoring.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            restoring.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            new SilentConsumer(restoring);
            admin(new SilentAdmin(config.getAdminConfigs("none")));
            producer(config.getProducerConfigs("none"), streams);
        } catch (ConfigException contradiction) {
            problems.put(
                    about(streams, contradiction),
                    "contradicts another setting: "
                            + Redaction.censored(String.valueOf(contradiction.getMessage()), streams.values()));
        } catch (RuntimeException wrong) {
            problems.put(
                    about(streams, wrong),
                    "Kafka's clients do not take it, or not with the others of streams.… ("
                            + wrong.getClass().getSimpleName() + ")");
        }
    }

    private static void heartbeat(ConsumerConfig consumer) {
        if (consumer.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG)
                >= consumer.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)) {
            throw new ConfigException(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG + " must be shorter than "
                    + ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        }
    }

    private static void admin(AdminClientConfig admin) {
        if (admin.getInt(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG)
                < admin.getInt(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG)) {
            throw new ConfigException(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG + " must be at least "
                    + AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG);
        }
    }

    private static void producer(Map<String, Object> config, Map<String, String> streams) {
        if (streams.keySet().stream().noneMatch(key -> key.startsWith(StreamsConfig.PRODUCER_PREFIX))) {
            return;
        }
        Map<String, Object> producing = new HashMap<>(config);
        producing.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        producing.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        // Kafka's own class of it writes all values into the log.
        AbstractConfig parsed = new AbstractConfig(ProducerConfig.configDef(), producing, false);
        if (parsed.getInt(ProducerConfig.RETRIES_CONFIG) == 0) {
            throw new ConfigException(
                    ProducerConfig.RETRIES_CONFIG + " must be at least 1 where a product is exactly-once");
        }
        long delivery = parsed.getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        long needed = parsed.getLong(ProducerConfig.LINGER_MS_CONFIG)
                + parsed.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        if (config.containsKey(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG) && delivery < needed) {
            throw new ConfigException(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG + " must be at least "
                    + ProducerConfig.LINGER_MS_CONFIG + " + " + ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG + ", which is "
                    + needed);
        }
    }

    /** The setting of which Kafka speaks, if it was given; else any, because one of them is to blame. */
    private static String about(Map<String, String> streams, RuntimeException contradiction) {
        String message = String.valueOf(contradiction.getMessage());
        return StreamsKeys.PREFIX
                + streams.keySet().stream()
                        .filter(key ->
                                message.contains(key.replaceFirst("^([a-z]+\\.)?(consumer|producer|admin)\\.", "")))
                        .findFirst()
                        .orElseGet(() -> streams.keySet().iterator().next());
    }

    /** Without a page of settings in the log. */
    private static final class SilentStreams extends StreamsConfig {
        SilentStreams(Map<?, ?> settings) {
            super(settings, false);
        }
    }

    private static final class SilentConsumer extends ConsumerConfig {
        SilentConsumer(Map<?, ?> settings) {
            super(settings, false);
        }
    }

    private static final class SilentAdmin extends AdminClientConfig {
        SilentAdmin(Map<?, ?> settings) {
            super(settings, false);
        }
    }
}
