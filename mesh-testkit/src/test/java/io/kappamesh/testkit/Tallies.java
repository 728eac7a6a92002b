package io.kappamesh.testkit;

import static io.kappamesh.testkit.Facts.NOON;
import static io.kappamesh.testkit.Facts.fact;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** Small products over two private sources of facts, most of them wrong in a way of their own. */
public final class Tallies {
    private final EventSource<GenericRecord> left = source("left");
    private final EventSource<GenericRecord> right = source("right");
    private final OutputPort<GenericRecord> tally = OutputPort.table("shop.tally.v1", GenericRecord.class)
            .schema(fact("").getSchema())
            .eventTime("at")
            .describedAs("What comes out.")
            .build();

    /** Right: how many keys have each text now. A key that changes its text is taken from the one and added to the other. */
    public StreamingProduct keysPerText() {
        return product(ports -> publish(
                ports,
                ports.read(left)
                        .table("latest")
                        .groupBy(
                                (key, value) -> KeyValue.pair(text(value), key),
                                Grouped.with("by-text", Serdes.String(), Serdes.String()))
                        .count(longs("keys"))
                        .toStream(Named.as("counted"))));
    }

    /** Wrong: floating point sums depend on the order of what is added. */
    public StreamingProduct sumOfDoubles() {
        return product(ports -> publish(
                ports,
                byText(ports)
                        .aggregate(
                                () -> 0.0,
                                (text, key, sum) -> sum + 1 / (1.0 + Math.floorMod(key.hashCode(), 97)),
                                Named.as("adding"),
                                Materialized.<String, Double, KeyValueStore<Bytes, byte[]>>as("sums")
                                        .withKeySerde(Serdes.String())
                                        .withValueSerde(Serdes.Double()))
                        .toStream(Named.as("summed"))));
    }

    /** Wrong: of two topics the one that is read last wins. */
    public StreamingProduct lastToArrive() {
        return product(
                ports -> ports.publish(
                        tally, ports.read(left).stream().merge(ports.read(right).stream(), Named.as("merged"))),
                left,
                right);
    }

    /** Wrong: what has been joined with an old row stays so. */
    public StreamingProduct streamTableJoin() {
        return product(
                ports -> ports.publish(
                        tally,
                        ports.read(left).stream()
                                .join(
                                        ports.read(right).table("rows"),
                                        (event, row) -> fact(NOON, text(event) + " with " + text(row)),
                                        Joined.as("joined"))),
                left,
                right);
    }

    /** Wrong: whether a record is late for its window depends on what other partitions have brought before it. */
    public StreamingProduct windowsThatClose() {
        return product(ports -> {
            KTable<Windowed<String>, Long> windows = byText(ports)
                    .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofHours(1), Duration.ofMinutes(10)))
                    .count(
                            Named.as("counting"),
                            Materialized.<String, Long, WindowStore<Bytes, byte[]>>as("windows")
                                    .withKeySerde(Serdes.String())
                                    .withValueSerde(Serdes.Long()));
            publish(
                    ports,
                    windows.toStream(
                            (window, count) ->
                                    window.key() + " " + window.window().startTime(),
                            Named.as("counted")));
        });
    }

    /** Wrong in the earlier version only, if it {@code counts}: it says how often it was asked. */
    public StreamingProduct versions(boolean counts) {
        AtomicLong asked = new AtomicLong();
        OutputPort<GenericRecord> later = version("shop.versions.v2");
        OutputPort<GenericRecord> earlier = version("shop.versions.v1")
                .convertedFrom(later, fact -> fact(NOON, "v1 " + (counts ? asked.incrementAndGet() : text(fact))));
        return new StreamingProduct(
                DataProduct.named("shop.versions")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("A product of a test.")
                        .reads(left)
                        .publishes(later)
                        .publishes(earlier)
                        .build(),
                ports -> ports.publish(later, ports.read(left).stream()));
    }

    private static OutputPort<GenericRecord> version(String address) {
        return OutputPort.table(address, GenericRecord.class)
                .schema(fact("").getSchema())
                .eventTime("at")
                .describedAs("What comes out.")
                .build();
    }

    /** Wrong where producers deliver again: each delivery counts. */
    public StreamingProduct deliveries() {
        return product(ports -> publish(
                ports,
                ports.read(left).stream()
                        .mapValues(Tallies::text, Named.as("text"))
                        .groupByKey(Grouped.with("by-key", Serdes.String(), Serdes.String()))
                        .count(Named.as("counting"), longs("deliveries"))
                        .toStream(Named.as("counted"))));
    }

    /** Wrong: the first record of each life of a task is told apart. */
    public StreamingProduct firstOfALife() {
        return product(ports -> publish(
                ports,
                ports.read(left).stream()
                        .processValues(
                                () -> new ContextualFixedKeyProcessor<String, GenericRecord, String>() {
                                    private boolean begun;

                                    @Override
                                    public void process(FixedKeyRecord<String, GenericRecord> record) {
                                        context().forward(record.withValue(begun ? "later" : "first"));
                                        begun = true;
                                    }
                                },
                                Named.as("told"))));
    }

    /** Wrong: each run tells which one it is, up to the last one that does. */
    public StreamingProduct numberOfTheRun(int last) {
        AtomicInteger runs = new AtomicInteger();
        return product(ports -> {
            int run = Math.min(last, runs.incrementAndGet());
            publish(ports, ports.read(left).stream().mapValues(value -> "run " + run, Named.as("told")));
        });
    }

    /** Never publishes anything. */
    public StreamingProduct nothing() {
        return product(ports ->
                ports.publish(tally, ports.read(left).stream().filter((key, value) -> false, Named.as("never"))));
    }

    /** Wrong: the intake asks something that is not in the record. */
    public StreamingProduct moods(Predicate<String> refused) {
        return product(ports -> ports.publish(
                tally,
                ports
                        .read(left)
                        .check(fact -> refused.test(text(fact)) ? Optional.of("not now") : Optional.empty())
                        .stream()
                        .filter((key, value) -> false, Named.as("never"))));
    }

    /** Wrong: what its intake lets in breaks it. */
    public StreamingProduct breaksOn(String text) {
        return product(ports -> ports.publish(
                tally,
                ports.read(left).stream()
                        .mapValues(
                                fact -> {
                                    if (text(fact).equals(text)) {
                                        throw new IllegalArgumentException("broken");
                                    }
                                    return fact;
                                },
                                Named.as("breaking"))));
    }

    /** Right. */
    public StreamingProduct copy(ReadablePort<GenericRecord> input) {
        return product(ports -> ports.publish(tally, ports.read(input).changes()), input);
    }

    /** Wrong: rows may be deleted. */
    public StreamingProduct breaksOnADeletion(ReadablePort<GenericRecord> input) {
        return product(
                ports -> ports.publish(
                        tally,
                        ports.read(input)
                                .changes()
                                .mapValues(
                                        row -> {
                                            if (row == null) {
                                                throw new IllegalArgumentException("broken by a deletion");
                                            }
                                            return row;
                                        },
                                        Named.as("breaking"))),
                input);
    }

    /** A private table of facts. */
    public static PortBuilder<GenericRecord, SourcePort<GenericRecord>> rows(String name) {
        return SourcePort.table("shop." + name + ".v1", GenericRecord.class)
                .schema(fact("").getSchema())
                .eventTime("at")
                .describedAs("Rows as they come.");
    }

    public EventSource<GenericRecord> left() {
        return left;
    }

    public EventSource<GenericRecord> right() {
        return right;
    }

    /** Sixty facts of two hours at both ports, out of order by up to half an hour, about a dozen keys. */
    public History facts(RandomGenerator random) {
        return facts(random, left, right);
    }

    public History factsAtLeft(RandomGenerator random) {
        return facts(random, left);
    }

    @SafeVarargs
    public static History facts(RandomGenerator random, ReadablePort<GenericRecord>... ports) {
        History history = History.empty();
        for (int minute = 0; minute < 120; minute += 2) {
            history.put(
                    ports[random.nextInt(ports.length)],
                    "key-" + random.nextInt(12),
                    fact(NOON.plusSeconds(60L * (minute - random.nextInt(30))), "text-" + random.nextInt(4)));
        }
        return history;
    }

    private StreamingProduct product(ProductTopology topology) {
        return product(topology, left);
    }

    private StreamingProduct product(ProductTopology topology, ReadablePort<?>... inputs) {
        DataProduct.Builder builder = DataProduct.named("shop.tally")
                .ownedBy("shop", "team@example.org")
                .describedAs("A product of a test.")
                .publishes(tally);
        Arrays.stream(inputs).forEach(builder::reads);
        return new StreamingProduct(builder.build(), topology);
    }

    private KGroupedStream<String, String> byText(Ports ports) {
        return ports.read(left).stream()
                .map((key, value) -> KeyValue.pair(text(value), key), Named.as("turned"))
                .groupByKey(Grouped.with("by-text", Serdes.String(), Serdes.String()));
    }

    private void publish(Ports ports, KStream<String, ?> results) {
        ports.publish(
                tally,
                results.mapValues(result -> result == null ? null : fact(NOON, result.toString()), Named.as("result")));
    }

    private static Materialized<String, Long, KeyValueStore<Bytes, byte[]>> longs(String store) {
        return Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as(store)
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long());
    }

    private static String text(GenericRecord fact) {
        return fact.get("text").toString();
    }

    private static EventSource<GenericRecord> source(String name) {
        return SourcePort.events("shop." + name + ".v1", GenericRecord.class)
                .schema(fact("").getSchema())
                .eventTime("at")
                .describedAs("Facts as they come.")
                .build();
    }
}
