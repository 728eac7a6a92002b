package io.kappamesh.query;

import io.kappamesh.Internal;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.failure.Causes;
import io.kappamesh.platform.Platform;
import io.kappamesh.registry.RegistryUnavailableException;
import io.kappamesh.serde.Codecs;
import io.kappamesh.settings.Settings;
import io.kappamesh.settings.StreamsDefaults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.DslStoreFormat;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a published table that this process holds: reads the public topic, and nothing but what is committed in it, into a store of
 * its own. A Kafka Streams application beside those of the product's generations, so that it needs no store of theirs, and a promotion
 * changes nothing but the rows.
 */
@Internal
public final class TableView<V extends IndexedRecord> implements PublishedTable<V>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableView.class);
    private static final String STORE = "table";
    private static final Duration BEFORE_REPLACEMENT = Duration.ofSeconds(1);
    private static final Duration TO_CLOSE = Duration.ofSeconds(8);

    private final OutputPort<V> port;
    private final String topic;
    private final Supplier<Optional<String>> objection;
    private final HeldPartitions held = new HeldPartitions();
    private volatile @Nullable Reader<V> reader;
    private volatile @Nullable String trouble;
    private boolean closed;

    /** What there is once it reads. */
    private record Reader<V>(KafkaStreams streams, Optional<HostInfo> self, Deserializer<V> values) {}

    /** @param objection why the table cannot be asked, whatever was read of it; empty = it can */
    public TableView(OutputPort<V> port, Supplier<Optional<String>> objection) {
        this.port = port;
        this.topic = port.address().topic();
        this.objection = objection;
    }

    /** The name of the consumer group that reads the table. */
    static String group(OutputPort<?> port) {
        return port.address().topic() + ".queries";
    }

    /**
     * Begins to read the table, whose topic exists. Deletes local state first: of a table that was not read for long, brokers may have
     * dropped tombstones for good, and keys would stay that are gone. Idempotent; no effect once it was closed. If it cannot begin, whoever
     * asks is told why.
     */
    public synchronized void start(Platform platform, Codecs codecs) {
        if (closed || reader != null) {
            return;
        }
        try {
            Map<String, Object> config = configuration(platform);
            Properties properties = new Properties();
            properties.putAll(config);
            KafkaStreams streams =
                    new KafkaStreams(topology(config), new StreamsConfig(properties), new TableClients(held));
            streams.setUncaughtExceptionHandler(this::threadDied);
            streams.cleanUp();
            reader = new Reader<>(
                    streams,
                    platform.settings().applicationServer().map(HostInfo::buildFromEndpoint),
                    codecs.decoder(port.asInput()).asDeserializer());
            streams.start();
        } catch (RuntimeException refused) {
            reader = null;
            trouble = Causes.of(refused);
            LOG.error("{}: cannot be read for queries", topic, refused);
        }
    }

    private Map<String, Object> configuration(Platform platform) {
        Settings settings = platform.settings();
        Map<String, Object> config = StreamsDefaults.tuned();
        config.putAll(settings.streams());
        config.putAll(platform.memory().config());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, group(port));
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        // It writes nothing: what it reads must be committed, and what it has read it may read again.
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        // Its state does not outlive the process: there is nothing that a crash could leave half done.
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, false);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000L);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        settings.applicationServer().ifPresent(server -> config.put(StreamsConfig.APPLICATION_SERVER_CONFIG, server));
        return config;
    }

    /** The public topic is the changelog of the store, so that there is no other. */
    private Topology topology(Map<String, Object> config) {
        TopologyConfig stores = new TopologyConfig(new StreamsConfig(config));
        return new Topology(stores)
                .addReadOnlyStateStore(
                        Stores.keyValueStoreBuilder(
                                        stores.resolveDslStoreSuppliers()
                                                .orElseGet(RocksDBDslStoreSuppliers::new)
                                                .keyValueStore(new DslKeyValueParams(STORE, DslStoreFormat.PLAIN)),
                                        Serdes.Bytes(),
                                        Serdes.ByteArray())
                                .withCachingDisabled(),
                        topic + "-source",
                        (record, partitionTime) -> Math.max(0, record.timestamp()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topic,
                        topic + "-writer",
                        () -> new TableWriter(STORE, held));
    }

    private StreamThreadExceptionResponse threadDied(Throwable thrown) {
        if (reader == null) {
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        trouble = Causes.refusal(thrown).orElseGet(() -> Causes.of(thrown));
        LOG.warn("{}: a fault ended the thread that reads the table for queries; replacing it", topic, thrown);
        try {
            Thread.sleep(BEFORE_REPLACEMENT.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    @Override
    public Lookup<V> get(String key) {
        Reader<V> now = reader();
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int partition = partition(bytes);
        Optional<HostInfo> elsewhere = elsewhere(now, partition);
        if (elsewhere.isPresent()) {
            return new Lookup.Elsewhere<>(elsewhere.get());
        }
        byte[] row = ask(now, KeyQuery.withKey(Bytes.wrap(bytes)), partition);
        return new Lookup.Here<>(Optional.ofNullable(row).map(found -> decoded(now, found)));
    }

    @Override
    public Optional<HostInfo> ownerOf(String key) {
        return elsewhere(reader(), partition(key.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public TableRows<V> range(String from, String to) {
        return rows(RangeQuery.withRange(bytes(from), bytes(to)));
    }

    @Override
    public TableRows<V> all() {
        return rows(RangeQuery.withNoBounds());
    }

    private TableRows<V> rows(RangeQuery<Bytes, byte[]> query) {
        Reader<V> now = reader();
        Set<HostInfo> elsewhere = new HashSet<>();
        List<Integer> here = new ArrayList<>();
        for (int partition = 0; partition < port.contract().partitions(); partition++) {
            int number = partition;
            elsewhere(now, partition).ifPresentOrElse(elsewhere::add, () -> here.add(number));
        }
        List<KeyValueIterator<Bytes, byte[]>> open = new ArrayList<>();
        try {
            for (int partition : here) {
                open.add(ask(now, query.withAscendingKeys(), partition));
            }
            return new TableRows<>(
                    open,
                    elsewhere,
                    row -> KeyValue.pair(new String(row.key.get(), StandardCharsets.UTF_8), decoded(now, row.value)),
                    closed -> new TableNotReadyException(
                            topic + ": a partition moved to another process while its rows were read; ask again",
                            closed));
        } catch (RuntimeException refused) {
            open.forEach(KeyValueIterator::close);
            throw refused;
        }
    }

    private Reader<V> reader() {
        objection.get().ifPresent(why -> {
            throw new TableNotReadyException(topic + ": " + why);
        });
        Reader<V> now = reader;
        if (now == null) {
            throw new TableNotReadyException(topic
                    + ": this process does not run the serving generation of its product (yet); it may run in another one"
                    + trouble());
        }
        return now;
    }

    /** As Kafka's producers place keys. */
    private int partition(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % port.contract().partitions();
    }

    /** Who holds a partition; empty = this process does, and can answer. */
    private Optional<HostInfo> elsewhere(Reader<V> now, int partition) {
        if (held.isComplete(partition)) {
            return Optional.empty();
        }
        if (held.holds(partition)) {
            throw new TableNotReadyException(
                    topic + ": this process holds the key, and still reads the table" + trouble());
        }
        Optional<HostInfo> holder = holder(now.streams(), partition);
        if (holder.isEmpty() || holder.equals(now.self())) {
            throw new TableNotReadyException(topic
                    + ": the key moves between processes, or its process has no mesh.application.server of its own"
                    + trouble());
        }
        return holder;
    }

    private Optional<HostInfo> holder(KafkaStreams streams, int partition) {
        try {
            return streams.streamsMetadataForStore(STORE).stream()
                    .filter(one -> one.topicPartitions().contains(new TopicPartition(topic, partition)))
                    .map(one -> one.hostInfo())
                    .findFirst();
        } catch (IllegalStateException | InvalidStateStoreException notRunning) {
            throw new TableNotReadyException(topic + ": starting or stopping" + trouble(), notRunning);
        }
    }

    private String trouble() {
        String last = trouble;
        return last == null ? "" : " (its last fault: " + last + ")";
    }

    /**
     * Not with {@code requireActive}: that refuses to answer throughout every rebalance, and answers while a store is being restored (Kafka
     * 4.3). {@link HeldPartitions} knows better, and is asked again behind the store.
     */
    private <R> R ask(Reader<V> now, Query<R> query, int partition) {
        QueryResult<R> result;
        try {
            result = now.streams()
                    .query(StateQueryRequest.inStore(STORE).withQuery(query).withPartitions(Set.of(partition)))
                    .getPartitionResults()
                    .get(partition);
        } catch (RuntimeException notRunning) {
            throw new TableNotReadyException(topic + ": starting or stopping" + trouble(), notRunning);
        }
        if (result == null || result.isFailure()) {
            throw moved(result == null ? null : result.getFailureMessage());
        }
        R answer = result.getResult();
        if (!held.isComplete(partition)) {
            if (answer instanceof KeyValueIterator<?, ?> rows) {
                rows.close();
            }
            throw moved(null);
        }
        return answer;
    }

    private TableNotReadyException moved(@Nullable String why) {
        return new TableNotReadyException(
                topic + ": the key moves to another process" + (why == null ? "" : " (" + why + ")") + "; ask again");
    }

    private V decoded(Reader<V> now, byte[] row) {
        try {
            return now.values().deserialize(topic, row);
        } catch (RegistryUnavailableException away) {
            throw new TableNotReadyException(
                    topic + ": the schema of a row is not known, and the registry is away", away);
        }
    }

    private static Bytes bytes(String key) {
        return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Leaves the group at once, so that other processes take over, until it is started again. Idempotent. */
    public synchronized void stop() {
        Reader<V> running = reader;
        reader = null;
        if (running != null) {
            leave(running.streams());
        }
    }

    /** The same for good; true if all threads ended. */
    public synchronized boolean end() {
        closed = true;
        Reader<V> running = reader;
        reader = null;
        return running == null || leave(running.streams());
    }

    @Override
    public void close() {
        boolean unused = end();
    }

    private boolean leave(KafkaStreams streams) {
        return streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(TO_CLOSE));
    }
}
