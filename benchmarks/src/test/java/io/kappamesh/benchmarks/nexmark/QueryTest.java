package io.kappamesh.benchmarks.nexmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OwnedPort;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroSerde;
import io.kappamesh.testkit.ProductDriver;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QueryTest {
    private static final Generator GENERATOR = new Generator(1, 20_000);

    @ParameterizedTest
    @EnumSource
    void productAnswersWhatTheOracleDoes(Query query) {
        try (ProductDriver driver = ProductDriver.of(query.product())) {
            if (query.sources().contains(NexmarkPorts.AUCTIONS.address().topic())) {
                // Some come before their sellers.
                GENERATOR.auctions().limit(600).forEach(event -> driver.pipe(NexmarkPorts.AUCTIONS, key(event), event));
                GENERATOR.persons().forEach(event -> driver.pipe(NexmarkPorts.PERSONS, key(event), event));
                GENERATOR.auctions().skip(600).forEach(event -> driver.pipe(NexmarkPorts.AUCTIONS, key(event), event));
            } else {
                GENERATOR.bids().forEach(event -> driver.pipe(NexmarkPorts.BIDS, key(event), event));
            }

            assertThat(driver.deadLetters()).isEmpty();
            assertThat(new TreeMap<>(driver.table(query.output()))).isEqualTo(answers(query));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queryByHandAnswersWhatTheOracleDoes(Query query) throws Exception {
        SchemaRegistry registry = registry();
        AtomicLong taken = new AtomicLong();
        PlainTopology topology = new PlainTopology(registry, "answers", taken);
        query.plain().wire(topology);
        long events = 0;
        try (TopologyTestDriver driver = new TopologyTestDriver(topology.build(), new Properties())) {
            for (EventSource<?> source : List.of(NexmarkPorts.PERSONS, NexmarkPorts.AUCTIONS, NexmarkPorts.BIDS)) {
                if (query.sources().contains(source.address().topic())) {
                    events += pipe(driver, registry, source);
                }
            }
            Map<String, IndexedRecord> found = new TreeMap<>();
            driver.createOutputTopic(
                            "answers",
                            Serdes.String().deserializer(),
                            serde(registry, query.output()).deserializer())
                    .readKeyValuesToList()
                    .forEach(row -> {
                        if (row.value == null) {
                            found.remove(row.key);
                        } else {
                            found.put(row.key, row.value);
                        }
                    });

            assertThat(found).isEqualTo(answers(query));
            assertThat(taken).hasValue(events);
        }
    }

    private static long pipe(TopologyTestDriver driver, SchemaRegistry registry, EventSource<?> source) {
        TestInputTopic<String, SpecificRecord> topic = driver.createInputTopic(
                source.address().topic(),
                Serdes.String().serializer(),
                serde(registry, source).serializer());
        Stream<? extends SpecificRecord> events = source.equals(NexmarkPorts.PERSONS)
                ? GENERATOR.persons()
                : source.equals(NexmarkPorts.AUCTIONS) ? GENERATOR.auctions() : GENERATOR.bids();
        return events.peek(event -> topic.pipeInput(key(event), event, time(event)))
                .count();
    }

    private static long time(SpecificRecord event) {
        return ((java.time.Instant)
                        event.get(event.getSchema().getField("dateTime").pos()))
                .toEpochMilli();
    }

    private static Map<String, IndexedRecord> answers(Query query) {
        Map<String, IndexedRecord> answers = query.answers(GENERATOR)
                .collect(Collectors.toMap(QueryTest::key, Function.identity(), (one, other) -> one, TreeMap::new));
        assertThat(answers).isNotEmpty();
        return answers;
    }

    private static String key(IndexedRecord record) {
        return (String) record.get(0);
    }

    private static SchemaRegistry registry() throws Exception {
        MockSchemaRegistryClient client = new MockSchemaRegistryClient();
        for (OwnedPort<?> port : List.of(
                NexmarkPorts.PERSONS,
                NexmarkPorts.AUCTIONS,
                NexmarkPorts.BIDS,
                NexmarkPorts.Q0,
                NexmarkPorts.Q1,
                NexmarkPorts.Q2,
                NexmarkPorts.Q3,
                NexmarkPorts.Q8,
                NexmarkPorts.Q11)) {
            client.register(
                    port.address().valueSubject(),
                    new AvroSchema(port.asInput()
                            .type()
                            .getDeclaredConstructor()
                            .newInstance()
                            .getSchema()));
        }
        return SchemaRegistry.over(client);
    }

    @SuppressWarnings("unchecked") // of whatever class the port is
    private static AvroSerde<SpecificRecord> serde(SchemaRegistry registry, OwnedPort<?> port) {
        return new AvroSerde<>(
                io.kappamesh.avro.AvroType.of(
                        (Class<SpecificRecord>) port.asInput().type()),
                registry,
                registry.versions(port.address().valueSubject()).get(0).id());
    }
}
