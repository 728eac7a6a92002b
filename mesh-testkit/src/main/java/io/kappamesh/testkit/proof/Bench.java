package io.kappamesh.testkit.proof;

import io.kappamesh.Unlimited;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.join.Slices;
import io.kappamesh.testkit.ProductWire;
import io.kappamesh.testkit.proof.Outcome.Latest;
import io.kappamesh.testkit.proof.Outcome.Letter;
import io.kappamesh.testkit.proof.Outcome.Place;
import io.kappamesh.testkit.simulation.Happening;
import io.kappamesh.testkit.simulation.Simulation;
import io.kappamesh.topology.Assembly;
import io.kappamesh.topology.CommitPacing;
import io.kappamesh.topology.Destinations;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TaskId;

/** Runs one product in simulations, as often as one likes. */
final class Bench {
    /** After the last record: long enough for whatever waits for the wall clock. */
    private static final Duration AFTERWARDS = Duration.ofMinutes(1);
    /** Far beyond any history, as in production. */
    private static final long AGES_MILLIS = Unlimited.SPAN.toMillis();

    private final StreamingProduct product;
    private final ProductWire wire;
    private final Map<String, Object> settings;

    Bench(StreamingProduct product, ProductWire wire, Map<String, ?> settings) {
        this.product = product;
        this.wire = wire;
        this.settings = new HashMap<>(Simulation.config(product.product().name().toString()));
        this.settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        this.settings.put(StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG, AGES_MILLIS);
        this.settings.putAll(settings);
    }

    /** The tasks of the product and what each of them reads. */
    Map<TaskId, List<TopicPartition>> tasks(int partitions) {
        Map<TaskId, List<TopicPartition>> tasks = new LinkedHashMap<>();
        try (Simulation simulation = Simulation.start(topology(settings), settings, partitions, happening -> {})) {
            simulation.tasks().forEach(task -> tasks.put(task, simulation.sources(task)));
        }
        return tasks;
    }

    /** The history as it comes live. */
    Outcome live(Trial trial) {
        return run(trial.withSchedule(Schedule.live(trial.inputs())), settings);
    }

    /** The history as the trial's schedule has it, and what follows from one record in as many transactions as can be. */
    Outcome run(Trial trial) {
        Map<String, Object> sliced = new HashMap<>(settings);
        sliced.put(Slices.FACTS_AT_ONCE, 1);
        return run(trial, sliced);
    }

    private Outcome run(Trial trial, Map<String, Object> given) {
        Schedule schedule = trial.schedule();
        Map<String, Object> config = new HashMap<>(given);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, schedule.cacheBytes());
        Map<Integer, ProducerRecord<byte[], byte[]>> records = new HashMap<>();
        trial.inputs().forEach(input -> records.put(input.number(), input.record(trial.partitions(), wire)));
        List<Happening> happened = new ArrayList<>();
        Map<Place, Integer> arrivals = new HashMap<>();
        try (Simulation simulation = Simulation.start(topology(config), config, trial.partitions(), happened::add)) {
            for (Step step : schedule.steps()) {
                step.run(simulation, records);
                if (step instanceof Step.Arrive arrive
                        && !happened.isEmpty()
                        && happened.get(happened.size() - 1) instanceof Happening.Arrived arrived) {
                    arrivals.put(
                            new Place(arrived.place().topic(), arrived.place().partition(), arrived.offset()),
                            arrive.number());
                }
            }
            simulation.settle();
            simulation.advance(AFTERWARDS);
            simulation.settle();
            return outcome(simulation, happened, arrivals);
        }
    }

    private Outcome outcome(Simulation simulation, List<Happening> happened, Map<Place, Integer> arrivals) {
        Map<PortAddress, Map<String, Latest>> tables = new LinkedHashMap<>();
        long published = 0;
        for (OutputPort<?> port : product.product().outputs()) {
            List<ConsumerRecord<byte[], byte[]>> log = simulation.log(port.topic());
            published += log.size();
            tables.put(port.address(), table(port, log));
        }
        Set<Letter> letters = new TreeSet<>();
        simulation.log(product.product().name().deadLetterTopic()).forEach(record -> {
            DeadLetter letter = DeadLetter.of(record);
            letters.add(new Letter(
                    letter.topic(),
                    letter.partition(),
                    letter.offset(),
                    letter.reason().text()));
        });
        return new Outcome(tables, letters, published, List.copyOf(happened), Map.copyOf(arrivals));
    }

    private <V extends IndexedRecord> Map<String, Latest> table(
            OutputPort<V> port, List<ConsumerRecord<byte[], byte[]>> log) {
        Map<String, ConsumerRecord<byte[], byte[]>> last = new LinkedHashMap<>();
        log.forEach(record -> last.put(new String(record.key(), StandardCharsets.UTF_8), record));
        Deserializer<V> values = wire.codecs().decoder(port.asInput()).asDeserializer();
        Map<String, Latest> table = new LinkedHashMap<>();
        last.forEach((key, record) -> {
            if (record.value() != null) {
                V value = values.deserialize(record.topic(), record.value());
                table.put(key, new Latest(value, record.timestamp()));
            }
        });
        return table;
    }

    private Topology topology(Map<String, Object> config) {
        return Assembly.assemble(
                        product, config, wire.codecs(), Destinations.PUBLIC, ProductObserver.NONE, CommitPacing.NONE)
                .topology();
    }
}
