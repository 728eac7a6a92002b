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
import java.util.function.ToLongFunction;
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
 * The ports of a product, for its topology to read and publish, and the serdes of its state. Between {@link #read} and {@link #publish} you
 * use the DSL of Kafka Streams. Keys are text; values are the classes of the ports. Each name of a store, grouping or step is unique in the
 * product, and part of what a later build needs in order to continue the state.
 *
 * <p>Not thread-safe: use it on the thread that calls {@link ProductTopology#wire}, and only during that call. Functions that you pass are
 * pure and safe to call from several threads, because every stream thread uses them.
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
    private final Set<String> sinks = new HashSet<>();
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
     * Opens a port whose owner may correct its records. You read it as a table or as a stream of changes.
     *
     * @param port one that the product declares with {@code reads(…)}; each port is opened once
     * @throws IllegalArgumentException when the product does not declare the port
     */
    public <V extends IndexedRecord> Reading<V> read(ReadablePort<V> port) {
        return new Reading<>(this, validator(port));
    }

    /**
     * Opens a source of final facts. You read it as a stream of facts, or in any way in which you read other ports.
     *
     * @param port one that the product declares with {@code reads(…)}; each port is opened once
     * @throws IllegalArgumentException when the product does not declare the port
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
     * Publishes a stream at an output port: the record's timestamp becomes the event time of its value. A null value deletes the key of a
     * table port, or retracts the fact of an event port.
     *
     * <p>A record that breaks the port's contract is a bug in the topology: the product stops with an error, and nothing of the
     * transaction is published. That is a key which is null, unreadable or not the key that the port declares, or a value larger than the
     * port's {@code maxRecordBytes}.
     *
     * <p>Ports that are {@linkplain OutputPort#convertedFrom converted from} this one are published with it.
     *
     * @throws IllegalArgumentException when the product does not declare the port, when the topology has already published it, or when it is
     *     converted from another one
     */
    public <V extends IndexedRecord> void publish(OutputPort<V> port, KStream<String, V> stream) {
        if (!product.outputs().contains(port)) {
            throw new IllegalArgumentException("product " + product.name() + " does not declare that it publishes "
                    + port.address() + "; add publishes(…) to its declaration");
        }
        port.later().ifPresent(later -> {
            throw new IllegalArgumentException("port " + port.address() + " is converted from " + later
                    + ", and published with it; publish only that one, or leave out convertedFrom(…)");
        });
        send(port, stream);
    }

    private <V extends IndexedRecord> void send(OutputPort<V> port, KStream<String, V> stream) {
        useOnce(port.address());
        AvroEncoder<V> encoder = codecs.encoder(port);
        String topic = port.address().topic();
        stream.processValues(
                        () -> new Publication<>(port.contract(), encoder, observer), Named.as(topic + "-publication"))
                .to(
                        (key, value, context) -> destinations.of(topic),
                        Produced.with(Serdes.String(), Serdes.ByteArray()).withName(sink(topic + "-sink")));
        product.outputs().forEach(earlier -> sendConverted(earlier, port, stream));
    }

    private <N extends IndexedRecord, V extends IndexedRecord> void sendConverted(
            OutputPort<V> earlier, OutputPort<N> later, KStream<String, N> stream) {
        earlier.conversionOf(later)
                .ifPresent(step -> send(
                        earlier,
                        stream.processValues(
                                () -> new Conversion<>(step, Conversion.deletionTime(earlier, later.contract())),
                                Named.as(earlier.address() + "-conversion"))));
    }

    /** Turns records into values of a port at the intake, where what is converted from that port can refuse a record too. */
    <A extends IndexedRecord, V extends IndexedRecord, R extends IndexedRecord> RecordValidator<A, R> becoming(
            RecordValidator<A, V> validator, OutputPort<R> output, Function<? super V, ? extends R> step) {
        return withEarlier(validator.becomes(output, sizeOf(output), step), output, value -> value);
    }

    private <A extends IndexedRecord, R extends IndexedRecord, N extends IndexedRecord>
            RecordValidator<A, R> withEarlier(
                    RecordValidator<A, R> validator, OutputPort<N> later, Function<R, @Nullable N> form) {
        RecordValidator<A, R> all = validator;
        for (OutputPort<?> earlier : product.outputs()) {
            all = withEarlier(all, earlier, later, form);
        }
        return all;
    }

    private <A extends IndexedRecord, R extends IndexedRecord, N extends IndexedRecord, E extends IndexedRecord>
            RecordValidator<A, R> withEarlier(
                    RecordValidator<A, R> validator,
                    OutputPort<E> earlier,
                    OutputPort<N> later,
                    Function<R, @Nullable N> form) {
        Optional<Function<? super N, ? extends @Nullable E>> step = earlier.conversionOf(later);
        if (step.isEmpty()) {
            return validator;
        }
        Function<R, @Nullable E> converted = value -> {
            @Nullable N there = form.apply(value);
            return there == null ? null : step.get().apply(there);
        };
        ToLongFunction<N> deletion = Conversion.deletionTime(earlier, later.contract());
        ToLongFunction<R> time = value -> {
            @Nullable N there = form.apply(value);
            return there == null ? 0 : deletion.applyAsLong(there);
        };
        return withEarlier(validator.converts(earlier, sizeOf(earlier), converted, time), earlier, converted);
    }

    /**
     * Derives rows from each parent record. When a parent changes, the rows that are new or different are forwarded, the rows that are gone
     * are retracted with a null value, and equal rows are not repeated. Retractions come first. The rows of two parents must not have the
     * same key.
     *
     * @param store the name of the store that remembers, per parent, the keys of its last rows and a digest of each
     * @param changes parents by key; null deletes
     * @param type the generated class of a row
     * @param rows a pure function from a parent to its rows by key; rows are forwarded in the order of the map
     * @return rows by their own keys, with the timestamp of the parent record that caused them
     */
    public <A, V extends SpecificRecord> KStream<String, V> derive(
            String store, KStream<String, A> changes, Class<V> type, Function<? super A, Map<String, V>> rows) {
        return changes.process(
                DerivedRows.supplier(keyValueStore(store), serde(store, AvroType.of(type)), limit, rows),
                Named.as(store + "-rows"));
    }

    /**
     * Joins each fact with the version that was valid at the fact's event time: the newest version that is not newer than the fact. The result
     * is forwarded at once, and again when a later record brings another version for the fact. So the last result does not depend on which
     * topic was read first.
     *
     * <p>State grows with both inputs, because no record is too late. It stays bounded if the sources declare how late their records may be,
     * and you read them by {@link EventReading#facts} and {@link EventReading#versions}. One version may change the results of any number of
     * facts; they are forwarded in slices, each in its own transaction, and other records of the key are processed in between.
     *
     * <p>Both streams need the same keys and equal partition counts; after {@code selectKey(…)} a stream needs a {@code repartition(…)}.
     * Both must come from sources of final facts. The linter refuses other ports, whose retractions name a record and not the key by which it
     * was joined; read those as tables.
     *
     * @param store the name of the store that keeps facts and versions
     * @param facts by the key that they share with the versions; see {@link Facts} for their ids
     * @param versions by key; each is valid from its event time until the next one
     * @param result a pure function of a fact and its version, which is null before the first version; a null result retracts
     * @return results by the ids of the facts
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
     * Forwards the first event with each id, per key, and drops repetitions. It keeps the ids forever, so that a replay drops the same events;
     * {@link EventReading#distinct} can forget them. For sources of final facts only, because it would drop a correction as a repetition.
     *
     * @param store the name of the store that keeps the ids
     * @param events by key; a null value passes, because it has no id
     * @param id a pure function from an event to its id, never null
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
     * The latest event of each key by event time, regardless of the order in which the events arrive. Of two events with the same time, it is
     * the one whose serialized bytes are greater. For sources of final facts only, because a retraction would not remove the event.
     *
     * @param store the name of the store that keeps the events
     * @param type the generated class of an event
     * @param time a pure function from an event to its event time
     */
    public <V extends SpecificRecord> KTable<String, V> latest(
            String store, KStream<String, V> events, Class<V> type, Function<? super V, Instant> time) {
        return reduced(store, events, type, BinaryOperator.maxBy(inOrder(store, type, time)));
    }

    /**
     * The earliest event of each key by event time; of two events with the same time, the one whose serialized bytes are smaller. See
     * {@link #latest}.
     */
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
     * Tumbling windows of event time that never close, aligned to the epoch. Declare at the source how late an event may be
     * ({@link EventSource#allowingLateness}): the intake then rejects later events, and counts them. Kafka Streams' own grace period would not
     * do, because it is measured in a stream time that starts anew with every restart.
     *
     * @param size of a window, a positive whole number of milliseconds
     */
    public TimeWindows windows(Duration size) {
        return TimeWindows.ofSizeAndGrace(size, Unlimited.SPAN);
    }

    /** A named store for an aggregate over {@link #windows(Duration)} of this size. It keeps all windows forever. */
    public <V extends SpecificRecord> Materialized<String, V, WindowStore<Bytes, byte[]>> windowStore(
            String name, Class<V> type, Duration size) {
        return Materialized.<String, V, WindowStore<Bytes, byte[]>>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(serde(name, AvroType.of(type)))
                .withRetention(Unlimited.SPAN.plus(size));
    }

    /** A serde for values inside the product, in stores and repartition topics. Thread-safe. */
    public <V extends SpecificRecord> Serde<V> serde(Class<V> type) {
        return serde(type.getSimpleName(), AvroType.of(type));
    }

    /** A named key-value store for values of a generated class; its keys are text. */
    public <V extends SpecificRecord> Materialized<String, V, KeyValueStore<Bytes, byte[]>> store(
            String name, Class<V> type) {
        return materialized(name, AvroType.of(type));
    }

    /** A named grouping by text keys, whose repartition topic holds values of a generated class. */
    public <V extends SpecificRecord> Grouped<String, V> grouped(String name, Class<V> type) {
        return Grouped.with(name, Serdes.String(), serde(type));
    }

    <V> Materialized<String, V, KeyValueStore<Bytes, byte[]>> materialized(String name, AvroType<V> type) {
        return Materialized.<String, V, KeyValueStore<Bytes, byte[]>>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(serde(name, type));
    }

    /** A store for the library's own state, of the kind that the configuration names for the DSL. */
    private KeyValueBytesStoreSupplier keyValueStore(String name) {
        return stores.keyValueStore(new DslKeyValueParams(name, DslStoreFormat.PLAIN));
    }

    /** A serde for the values of a store or topic. Its schema is part of the topology's fingerprint. */
    private <V> StateSerde<V> serde(String name, AvroType<V> type) {
        state.put(name, type.schema());
        return new StateSerde<>(type, limit.value());
    }

    /** The size of a value as it would be published, in bytes; not less than that, where the port takes it. */
    <V extends IndexedRecord> Function<V, Integer> sizeOf(OutputPort<V> port) {
        AvroEncoder<V> encoder = codecs.encoder(port);
        int limit = port.contract().maxRecordBytes();
        return value -> encoder.size(value, limit);
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
                        .withName(sink(deadLetters)));
        return port.isRekeyed()
                ? rekeyed(port, opened, admitted, validator.type())
                : opened.mapValues(value -> (V) value, Named.as(admitted));
    }

    /** The prefix of a port's steps and topics: its topic, or its address if it shares the topic or has several. */
    private String nameOf(InputPort<?> port) {
        boolean isItsOwn = port.topics().size() == 1 && !product.sharesTopics(port);
        return isItsOwn ? port.topic() : port.address().topic();
    }

    /** Topics that several ports read. Kafka Streams can read a topic only once, so there is one source, named after the first port. */
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

    /** Moves records from the partition of the key's bytes to the partition of its text, where they meet records of other ports. */
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

    /** The schemas of stores and repartition topics, by the name of the store or of the class. */
    Map<String, Schema> state() {
        return Map.copyOf(state);
    }

    /** The spans of event time after which state is forgotten, by its name. */
    Map<String, String> forgetting() {
        return Map.copyOf(forgetting);
    }

    /** The processors whose inputs must be final: no owner may correct them. */
    Set<String> finalInputs() {
        return Set.copyOf(finalInputs);
    }

    /** Adds the sinks that lead back to a repartition topic, which the DSL cannot express. */
    void addLoops(Topology topology) {
        loops.forEach(loop -> loop.accept(topology));
    }

    /** The processors that write to ports and dead letters. */
    Set<String> sinks() {
        return Set.copyOf(sinks);
    }

    private String sink(String processor) {
        sinks.add(processor);
        return processor;
    }

    private String takingFinal(String processor) {
        finalInputs.add(processor);
        return processor;
    }

    private void useOnce(PortAddress address) {
        if (!used.add(address)) {
            throw new IllegalArgumentException("product " + product.name() + " wires " + address
                    + " twice; keep the result of read(…) in a variable, and merge streams before publish(…)");
        }
    }
}
