package io.kappamesh.topology;

import io.kappamesh.Unlimited;
import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.PortKind;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.intake.EventTimeExtractor;
import io.kappamesh.intake.Intake;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.intake.RecordKeys;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.intake.RecordValidator;
import io.kappamesh.intake.Rekeyed;
import io.kappamesh.intake.SharedRecord;
import io.kappamesh.join.AsOfJoin;
import io.kappamesh.join.ByEventTime;
import io.kappamesh.join.Facts;
import io.kappamesh.join.Resumption;
import io.kappamesh.join.Slices;
import io.kappamesh.join.Versions;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.Codecs;
import io.kappamesh.serde.StateSerde;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.DslStoreFormat;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * What a product's topology is given: its ports, and the serdes of its state. Between reading and publishing it is the plain DSL of
 * Kafka Streams. Used on one thread, while the topology is assembled.
 */
public final class Ports {
    private final DataProduct product;
    private final StreamsBuilder builder;
    private final DslStoreSuppliers stores;
    private final Codecs codecs;
    private final Destinations destinations;
    private final ProductObserver observer;
    private final RecordLimit limit;
    private final Slices slices;
    private final List<Consumer<Topology>> loops = new ArrayList<>();
    private final Set<PortAddress> used = new HashSet<>();
    private final Map<String, Schema> state = new TreeMap<>();
    private final Map<String, String> forgetting = new TreeMap<>();
    private final Set<String> finalInputs = new HashSet<>();
    private final Map<Set<String>, KStream<String, SharedRecord>> shared = new HashMap<>();

    Ports(
            DataProduct product,
            StreamsBuilder builder,
            DslStoreSuppliers stores,
            Codecs codecs,
            Destinations destinations,
            ProductObserver observer,
            Slices slices) {
        this.slices = slices;
        this.product = product;
        this.builder = builder;
        this.stores = stores;
        this.codecs = codecs;
        this.destinations = destinations;
        this.observer = observer;
        this.limit = RecordLimit.of(product);
    }

    /**
     * Opens a port whose owner may correct it: to be read as a table, or by its changes.
     *
     * @throws IllegalArgumentException when the product does not declare it
     */
    public <V extends IndexedRecord> Reading<V> read(ReadablePort<V> port) {
        return new Reading<>(this, validator(port));
    }

    /**
     * Opens a source of facts that are final: to be read as a stream, and as any other port.
     *
     * @throws IllegalArgumentException when the product does not declare it
     */
    public <V extends IndexedRecord> EventReading<V> read(EventSource<V> port) {
        return new EventReading<>(this, validator(port));
    }

    private <V extends IndexedRecord> RecordValidator<V, V> validator(ReadablePort<V> port) {
        InputPort<V> input = port.asInput();
        if (!product.inputs().contains(input)) {
            throw new IllegalArgumentException("product " + product.name() + " does not declare that it reads "
                    + port.address() + "; add reads(…) to its declaration");
        }
        return RecordValidator.of(input, codecs.reader(input), limit);
    }

    /**
     * Publishes a stream at an output port. A null value deletes or retracts its key.
     *
     * @throws IllegalArgumentException when the product does not declare the port, or it is published already
     */
    public <V extends IndexedRecord> void publish(OutputPort<V> port, KStream<String, V> stream) {
        if (!product.outputs().contains(port)) {
            throw new IllegalArgumentException("product " + product.name() + " does not declare that it publishes "
                    + port.address() + "; add publishes(…) to its declaration");
        }
        useOnce(port.address());
        AvroEncoder<V> encoder = codecs.encoder(port);
        String topic = port.address().topic();
        stream.processValues(
                        () -> new Publication<>(port.contract(), encoder, observer), Named.as(topic + "-publication"))
                .to(
                        (key, value, context) -> destinations.of(topic),
                        Produced.with(Serdes.String(), Serdes.ByteArray()).withName(topic + "-sink"));
    }

    /**
     * Derives rows from what changes: every change of a parent brings the rows that follow from it now. Rows that are new or differ
     * are forwarded, rows that are gone are retracted with a null, rows that stayed the same are not repeated. The rows of two
     * parents must not share a key.
     *
     * @param store the name of the store that keeps the last rows per parent
     * @param changes parents by key; null deletes
     * @param type the generated class of a row
     * @param rows a pure function from a parent to its rows by key, in the order in which they are to be forwarded
     */
    public <A, V extends SpecificRecord> KStream<String, V> derive(
            String store, KStream<String, A> changes, Class<V> type, Function<? super A, Map<String, V>> rows) {
        return changes.process(
                DerivedRows.supplier(keyValueStore(store), serde(store, AvroType.of(type)), limit, rows),
                Named.as(store + "-rows"));
    }

    /**
     * Joins facts with the version that is valid at their event time. The result of a fact is published under the fact's id; it comes
     * at once, and again when a version arrives that changes it, so that its last value does not depend on which topic was read
     * first. State grows with both inputs, since nothing is ever too late, unless a source declares how late its records may be
     * and is read by {@link EventReading#facts} or {@link EventReading#versions}. A version may change the results of any number of facts: they are
     * told in slices, each in a transaction of its own, while other records of the key come in between.
     *
     * <p>Both streams have the same keys and come from topics with equal partition counts; one that was keyed anew goes through
     * {@code repartition(…)} first. Both come from private sources, which are never corrected: the linter refuses the port of another
     * product, whose retraction would name a record and not the key it was joined by. Such a port is read as a table.
     *
     * @param store the name of the store that keeps both
     * @param result a pure function of a fact and its version, which is null before the first one; a null result retracts
     */
    @SuppressWarnings("unchecked") // each side forwards results to one of its children and resumptions to the other
    public <F extends SpecificRecord, V extends SpecificRecord, R> KStream<String, R> asOf(
            String store,
            Facts<F> facts,
            Versions<V> versions,
            BiFunction<? super F, ? super @Nullable V, ? extends @Nullable R> result) {
        AsOfJoin<F, V, R> join = new AsOfJoin<>(
                keyValueStore(store),
                serde(store + "-facts", AvroType.of(facts.type())),
                serde(store + "-versions", AvroType.of(versions.type())),
                facts.id(),
                result,
                slices,
                facts.lateness(),
                versions.lateness());
        facts.lateness().ifPresent(bound -> forgetting.put(store + "-versions", bound.toString()));
        versions.lateness().ifPresent(bound -> forgetting.put(store + "-facts", bound.toString()));
        KStream<String, R> ofFacts = facts.stream().process(join.factSide(), Named.as(takingFinal(store + "-facts")));
        KStream<String, Object> version =
                versions.stream().process(join.versionSide(), Named.as(takingFinal(store + "-versions")));
        KStream<String, Object> later = version.mapValues(
                        value -> (Resumption) value, Named.as(join.resumptions(false)))
                .repartition(Repartitioned.<String, Resumption>as(store + "-backlog")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Resumption.serde())
                        .withStreamPartitioner(Resumption.partitioner()))
                .process(join.backlogSide(), Named.as(store + "-backlog"));
        loops.add(topology -> topology.addSink(
                join.resumptions(true),
                store + "-backlog-repartition",
                Serdes.String().serializer(),
                Resumption.serde().serializer(),
                Resumption.partitioner(),
                store + "-backlog"));
        return ofFacts.merge(
                        version.mapValues(value -> (R) value, Named.as(join.results(false))),
                        Named.as(store + "-results"))
                .merge(
                        later.mapValues(value -> (R) value, Named.as(join.results(true))),
                        Named.as(store + "-all-results"));
    }

    /**
     * Lets the first event of each id pass, per key, and drops those that are delivered again. The ids are kept for ever, so that a
     * replay drops the same ones; {@link EventReading#distinct} forgets them where it can. For private sources: a correction would be
     * dropped as a repetition.
     *
     * @param store the name of the store that keeps the ids
     */
    public <V> KStream<String, V> distinct(String store, KStream<String, V> events, Function<? super V, String> id) {
        return distinct(store, events, id, Optional.empty());
    }

    <V> KStream<String, V> distinct(
            String store, KStream<String, V> events, Function<? super V, String> id, Optional<Duration> span) {
        span.ifPresent(bound -> forgetting.put(store, bound.toString()));
        return events.processValues(
                Deduplicator.supplier(keyValueStore(store), id, span), Named.as(takingFinal(store + "-first")));
    }

    /**
     * The latest event per key by event time; of two at one time the one whose serialized bytes are greater. The same whatever the
     * order in which events arrive. For private sources: a retraction would leave the event that it means.
     *
     * @param store the name of the store that keeps them
     */
    public <V extends SpecificRecord> KTable<String, V> latest(
            String store, KStream<String, V> events, Class<V> type, Function<? super V, Instant> time) {
        return reduced(store, events, type, BinaryOperator.maxBy(inOrder(store, type, time)));
    }

    /** The earliest event per key by event time; of two at one time the one whose serialized bytes are smaller. */
    public <V extends SpecificRecord> KTable<String, V> earliest(
            String store, KStream<String, V> events, Class<V> type, Function<? super V, Instant> time) {
        return reduced(store, events, type, BinaryOperator.minBy(inOrder(store, type, time)));
    }

    private <V extends SpecificRecord> Comparator<V> inOrder(
            String store, Class<V> type, Function<? super V, Instant> time) {
        return new ByEventTime<>(time, serde(store, AvroType.of(type)).serializer());
    }

    private <V extends SpecificRecord> KTable<String, V> reduced(
            String store, KStream<String, V> events, Class<V> type, BinaryOperator<V> choice) {
        return events.groupByKey(grouped(store, type))
                .reduce(
                        choice::apply,
                        Named.as(takingFinal(store + "-choice")),
                        store(store, type).withCachingDisabled());
    }

    /**
     * Tumbling windows of event time that never close, aligned to the epoch. How late an event may be is stated at the input port
     * ({@link EventSource#allowingLateness}), judged there by what its partition holds, and counted there; Kafka's own grace is measured
     * by a stream time that starts anew with every restart.
     */
    public TimeWindows windows(Duration size) {
        return TimeWindows.ofSizeAndGrace(size, Unlimited.SPAN);
    }

    /** A named store for an aggregate over {@link #windows(Duration)} of this size. It keeps every window. */
    public <V extends SpecificRecord> Materialized<String, V, WindowStore<Bytes, byte[]>> windowStore(
            String name, Class<V> type, Duration size) {
        return Materialized.<String, V, WindowStore<Bytes, byte[]>>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(serde(name, AvroType.of(type)))
                .withRetention(Unlimited.SPAN.plus(size));
    }

    /** A serde for values that stay inside the product: state and repartition topics. Thread-safe. */
    public <V extends SpecificRecord> Serde<V> serde(Class<V> type) {
        return serde(type.getSimpleName(), AvroType.of(type));
    }

    /** A named store from keys to values of a generated class. */
    public <V extends SpecificRecord> Materialized<String, V, KeyValueStore<Bytes, byte[]>> store(
            String name, Class<V> type) {
        return materialized(name, AvroType.of(type));
    }

    /** A named grouping whose repartition topic carries values of a generated class. */
    public <V extends SpecificRecord> Grouped<String, V> grouped(String name, Class<V> type) {
        return Grouped.with(name, Serdes.String(), serde(type));
    }

    <V> Materialized<String, V, KeyValueStore<Bytes, byte[]>> materialized(String name, AvroType<V> type) {
        return Materialized.<String, V, KeyValueStore<Bytes, byte[]>>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(serde(name, type));
    }

    /** A store for what the library keeps itself: of the configured kind, as those of the DSL are. */
    private KeyValueBytesStoreSupplier keyValueStore(String name) {
        return stores.keyValueStore(new DslKeyValueParams(name, DslStoreFormat.PLAIN));
    }

    /** A serde of what is kept under a name, which is part of the product's shape. */
    private <V> StateSerde<V> serde(String name, AvroType<V> type) {
        state.put(name, type.schema());
        return new StateSerde<>(type, limit.value());
    }

    /** The size in bytes of a value of the port as it would be sent. */
    <V extends IndexedRecord> Function<V, Integer> sizeOf(OutputPort<V> port) {
        AvroEncoder<V> encoder = codecs.encoder(port);
        return value -> encoder.encode(value).length;
    }

    @SuppressWarnings(
            "unchecked") // the intake forwards an admitted value to the one and its original bytes to the other
    <V extends IndexedRecord> KStream<String, V> open(RecordValidator<?, V> validator) {
        InputPort<?> port = validator.port();
        useOnce(port.address());
        String name = nameOf(port);
        String admitted = name + "-admitted";
        String deadLetters = name + "-dead-letters";
        Intake.Setup intake = new Intake.Setup(
                product.name(),
                name + "-intake",
                port.lateness(),
                validator.deletions() && port.kind() == PortKind.TABLE,
                port.isRekeyed(),
                limit,
                admitted,
                deadLetters,
                observer,
                this::keyValueStore);
        KStream<String, Object> opened = product.sharesTopics(port)
                ? shared(port.topics(), name)
                        .processValues(validator.ofShared(codecs.schemas()), Named.as(name + "-reading"))
                        .processValues(intake.supplier(), Named.as(intake.name()))
                : builder.stream(
                                port.topics(),
                                Consumed.with(RecordKeys.serde(), validator.serde())
                                        .withTimestampExtractor(new EventTimeExtractor(port, codecs.schemas()))
                                        .withOffsetResetPolicy(AutoOffsetReset.earliest())
                                        .withName(name + "-source"))
                        .processValues(intake.supplier(), Named.as(intake.name()));
        String refused = product.name().deadLetterTopic();
        opened.to(
                (key, value, context) -> destinations.of(refused),
                Produced.<String, Object>with(
                                RecordKeys.lettersSerde(),
                                Serdes.serdeFrom((topic, bytes) -> (byte[]) bytes, (topic, bytes) -> bytes))
                        .withName(deadLetters));
        return port.isRekeyed()
                ? rekeyed(port, opened, admitted, validator.type())
                : opened.mapValues(value -> (V) value, Named.as(admitted));
    }

    /** What steps and topics of a port are called: as its topic, where that is its own and the only one. */
    private String nameOf(InputPort<?> port) {
        boolean isItsOwn = port.topics().size() == 1 && !product.sharesTopics(port);
        return isItsOwn ? port.topic() : port.address().topic();
    }

    /** Topics that several ports read, and Kafka Streams can read once only: under the name of the first of them. */
    private KStream<String, SharedRecord> shared(List<String> topics, String name) {
        return shared.computeIfAbsent(
                Set.copyOf(topics),
                first -> builder.stream(
                        topics,
                        Consumed.with(RecordKeys.serde(), SharedRecord.serde())
                                .withTimestampExtractor(SharedRecord.timestamps())
                                .withOffsetResetPolicy(AutoOffsetReset.earliest())
                                .withName(name + "-source")));
    }

    /** Records are where their own key's bytes put them, and have to be where its text does, to meet records of other ports. */
    @SuppressWarnings("unchecked") // the intake forwards admitted values under the key that they are to have
    private <V> KStream<String, V> rekeyed(
            InputPort<?> port, KStream<String, Object> opened, String admitted, AvroType<V> type) {
        String name = nameOf(port) + "-by-key";
        return opened.map(
                        (key, value) -> {
                            Rekeyed<V> record = (Rekeyed<V>) value;
                            return KeyValue.pair(record.key(), record.value());
                        },
                        Named.as(admitted))
                .repartition(Repartitioned.<String, V>as(name)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(serde(name, type)));
    }

    Set<PortAddress> used() {
        return Set.copyOf(used);
    }

    /** The schemas of what is kept inside, by the name of store or class. */
    Map<String, Schema> state() {
        return Map.copyOf(state);
    }

    /** After which span of event time what is kept inside is forgotten, by what it is called. */
    Map<String, String> forgetting() {
        return Map.copyOf(forgetting);
    }

    /** The processors that are right only if what comes to them is never corrected. */
    Set<String> finalInputs() {
        return Set.copyOf(finalInputs);
    }

    /** What leads back to a repartition topic, which the DSL cannot say: to be added to the topology that was built. */
    void addLoops(Topology topology) {
        loops.forEach(loop -> loop.accept(topology));
    }

    private String takingFinal(String processor) {
        finalInputs.add(processor);
        return processor;
    }

    private void useOnce(PortAddress address) {
        if (!used.add(address)) {
            throw new IllegalArgumentException("product " + product.name() + " wires " + address
                    + " twice; keep what read(…) gave in a variable, and merge streams before publish(…)");
        }
    }
}
