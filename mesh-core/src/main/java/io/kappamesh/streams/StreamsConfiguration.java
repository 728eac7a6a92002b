package io.kappamesh.streams;

import io.kappamesh.contract.Compression;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.platform.Platform;
import io.kappamesh.settings.Settings;
import io.kappamesh.settings.StreamsDefaults;
import io.kappamesh.settings.StreamsKeys;
import io.kappamesh.store.FilteredStores;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The configuration of Kafka Streams for one generation of a product. */
public final class StreamsConfiguration {
    /** Kafka's own default: less would slow small records down. */
    private static final long SMALLEST_BUFFER_BYTES = 32 * 1024 * 1024;

    /** What the stores of all products of a process hold at most until they are committed, on the heap and once more beside it. */
    private static final long UNCOMMITTED_BYTES = 64L * 1024 * 1024;

    /** Deprecated by Kafka, and still read. */
    private static final String DEFAULT_DSL_STORE = "default.dsl.store";

    private StreamsConfiguration() {}

    /** @throws StartupException {@link ExitCode#CONFIGURATION} when a setting is too small for the product's own records */
    public static Map<String, Object> of(Generation generation, DataProduct product, Platform platform) {
        Settings settings = platform.settings();
        Map<String, Object> config = StreamsDefaults.tuned();
        config.putAll(sized(product));
        config.putAll(compressed(product));
        config.put(StreamsConfig.STATESTORE_UNCOMMITTED_MAX_BYTES_CONFIG, UNCOMMITTED_BYTES / platform.products());
        config.putAll(stores(settings.streams()));
        config.putAll(settings.streams());
        StartupException.throwIfAny(ExitCode.CONFIGURATION, tooSmall(product, config));
        config.putAll(platform.memory().config());
        config.putAll(platform.filters().config());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, generation.applicationId());
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitIntervalReplay().toMillis());
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, platform.cacheBytesPerProduct());
        settings.instanceId()
                .ifPresent(id ->
                        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));
        return config;
    }

    /** Ours, unless other stores are asked for; of the two keys, Kafka Streams takes that of ours first. */
    static Map<String, Object> stores(Map<String, ?> asked) {
        return asked.containsKey(DEFAULT_DSL_STORE) ? Map.of() : FilteredStores.config();
    }

    /** Whether stores hold nothing but what is committed, so that they outlive a crash (KIP-892). */
    public static boolean hasTransactionalStores(Map<String, ?> config) {
        return Boolean.parseBoolean(String.valueOf(config.get(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG)));
    }

    /** Room for the largest record of the product. */
    static Map<String, Object> sized(DataProduct product) {
        int largest = RecordLimit.of(product).bytes();
        return Map.of(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                largest,
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                largest,
                StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
                Math.max(SMALLEST_BUFFER_BYTES, 2L * largest));
    }

    /** If all ports declare the same compression, the producer uses it, so that brokers need not compress again. */
    static Map<String, Object> compressed(DataProduct product) {
        List<Optional<Compression>> declared = product.outputs().stream()
                .map(port -> port.contract().compression())
                .distinct()
                .toList();
        if (declared.size() > 1) {
            return Map.of();
        }
        return declared.get(0)
                .<Map<String, Object>>map(all ->
                        Map.of(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), all.ofProducer()))
                .orElse(Map.of());
    }

    /** What was set so that the product's own records do not fit. */
    static List<String> tooSmall(DataProduct product, Map<String, ?> config) {
        int largest = RecordLimit.of(product).bytes();
        return sized(product).keySet().stream()
                .filter(key -> Long.parseLong(String.valueOf(config.get(key)).trim()) < largest)
                .map(key ->
                        "product " + product.name() + ": " + StreamsKeys.PREFIX + key + " must be at least " + largest
                                + " but is " + config.get(key)
                                + ", which is too small for its own records; raise it or leave it out")
                .sorted()
                .toList();
    }
}
