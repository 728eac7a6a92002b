package io.kappamesh.gate;

import io.kappamesh.generation.Generation;
import io.kappamesh.inputs.InputHistory;
import io.kappamesh.inputs.InputProgress;
import io.kappamesh.inputs.PositionGuard;
import io.kappamesh.inputs.UncommittedRecords;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * The clients that Kafka Streams works with for one generation: the gated consumer for the inputs, the watched producer, and none that
 * takes longer than {@link #TO_CLOSE} to be closed. Thread-safe.
 */
public final class GenerationClients extends DefaultKafkaClientSupplier {
    /** Brokers that are away would be waited for half a minute by a consumer, and minutes by a producer. */
    static final Duration TO_CLOSE = Duration.ofSeconds(4);

    private final Generation generation;
    private final Set<String> inputs;
    private final SchemaGate schemas;
    private final CutGate cuts;
    private final InputProgress progress;
    private final UncommittedRecords uncommitted;
    private final InputHistory history;
    private final PlacementCheck placement;
    private final LivePacing pacing;
    private final Consumer<String> process;
    private final Set<WatchedProducer> producers = ConcurrentHashMap.newKeySet();

    /**
     * @param inputs the topics of the input ports
     * @param placed the numbers of partitions of the inputs whose records are processed where they are
     * @param misplacements is told the topic and number of records that are not where their keys belong
     * @param process is told the client id of the Kafka Streams that asks
     */
    public GenerationClients(
            Generation generation,
            Set<String> inputs,
            SchemaGate schemas,
            CutGate cuts,
            InputProgress progress,
            UncommittedRecords uncommitted,
            InputHistory history,
            Map<String, Integer> placed,
            ObjLongConsumer<String> misplacements,
            LivePacing pacing,
            Consumer<String> process) {
        this.generation = generation;
        this.inputs = Set.copyOf(inputs);
        this.schemas = schemas;
        this.cuts = cuts;
        this.progress = progress;
        this.uncommitted = uncommitted;
        this.history = history;
        this.placement = new PlacementCheck(placed, misplacements);
        this.pacing = pacing;
        this.process = process;
    }

    @Override
    public org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        CutLine line = new CutLine(cuts, inputs, String.valueOf(config.get(CommonClientConfigs.CLIENT_ID_CONFIG)));
        process.accept(line.process());
        return new GatedConsumer(
                config,
                schemas,
                line,
                progress,
                uncommitted,
                new PositionGuard(generation, inputs, history),
                placement,
                pacing);
    }

    @Override
    public org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
            @Override
            public void close() {
                close(CloseOptions.timeout(TO_CLOSE));
            }
        };
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        cuts.writes(String.valueOf(config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG)));
        WatchedProducer producer = new WatchedProducer(config, uncommitted, pacing, producers::remove);
        producers.add(producer);
        return producer;
    }

    /**
     * Gives up what is not committed: whoever waits for brokers to take it is told at once that they have not. For a stop that would
     * take too long.
     */
    public void abandon() {
        producers.forEach(producer -> producer.close(Duration.ZERO));
    }
}
