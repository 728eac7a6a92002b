package io.kappamesh.load;

import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.feed.CorrectionBarrier;
import io.kappamesh.feed.PortContract;
import io.kappamesh.feed.RowMaker;
import io.kappamesh.feed.SourceTopic;
import io.kappamesh.postgres.Batch;
import io.kappamesh.postgres.BatchWriter;
import io.kappamesh.postgres.Claim;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.Session;
import io.kappamesh.postgres.TableDefinitions;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a port for as long as a claim and a session hold. Whatever it throws, the next one goes on at the positions that are stored. One thread. */
final class LoadRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadRun.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int RENEWALS_PER_LEASE = 3;
    private static final int RECORDS_PER_POLL = 5_000;
    private static final int FETCH_BYTES = 8 << 20;

    private final LoadOptions options;
    private final Session session;
    private final LoadStates states;
    private final Claim claim;
    private final SourceTopic topic;
    private final SchemaRegistry registry;
    private final LoadMeters meters;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final CorrectionBarrier barrier;
    private LoadState loaded;
    private PortContract contract;
    private RowMaker rows;
    private BatchWriter writer;
    private Batch batch = new Batch();
    private final Map<Integer, Long> positions;
    private Map<Integer, Long> stored;
    private long begunAt;
    private long renewedAt = System.nanoTime();
    private boolean spilled;
    private long spilledRecords;
    private boolean everCaughtUp;
    private @Nullable Ends awaited;

    /**
     * Where what was committed ended.
     *
     * @param at by the database's clock
     */
    private record Ends(Instant at, Map<Integer, Long> offsets) {}

    /**
     * Begins where the table stands, once it holds all columns of the contract.
     *
     * @throws LifecycleException if the table and the topic do not go together
     */
    LoadRun(
            LoadOptions options,
            Session session,
            Claim claim,
            SourceTopic topic,
            SchemaRegistry registry,
            LoadMeters meters)
            throws SQLException, ExecutionException, InterruptedException {
        this.options = options;
        this.session = session;
        this.states = new LoadStates(session);
        this.claim = claim;
        this.topic = topic;
        this.registry = registry;
        this.meters = meters;
        this.loaded = states.read(options.name()).orElseThrow();
        Instant now = states.now();
        session.commit();
        topic.requireSame(loaded, topic.description());
        this.positions = new TreeMap<>(topic.goOn(loaded, options.acceptsGap(), now));
        this.stored = new TreeMap<>(loaded.positions());
        this.contract = PortContract.read(options.address(), registry, loaded.columns());
        this.rows = new RowMaker(contract);
        this.barrier = new CorrectionBarrier(topic);
        this.writer = widened();
        this.consumer = CommittedReaders.consumer(
                options.settings().client(),
                Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        RECORDS_PER_POLL,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        FETCH_BYTES));
        Set<TopicPartition> partitions = new HashSet<>();
        positions.keySet().forEach(partition -> partitions.add(partition(partition)));
        consumer.assign(partitions);
        positions.forEach((partition, position) -> consumer.seek(partition(partition), position));
    }

    /** A writer for the columns that the contract has, which the table has too, then. */
    private BatchWriter widened() throws SQLException {
        List<String> misfits = contract.columns().changed();
        if (!misfits.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "port " + options.address() + ": table " + loaded.table() + " does not fit its contract any more: "
                            + String.join("; ", misfits) + "; `" + options.reload() + "` builds it again");
        }
        String schema = contract.columns().newest().toString();
        if (!contract.columns().added().isEmpty() || !schema.equals(loaded.schema())) {
            states.hold(claim);
            TableDefinitions tables = new TableDefinitions(session);
            tables.widen(loaded.table(), contract.columns());
            if (loaded.view().isPresent() && !contract.columns().added().isEmpty()) {
                tables.show(
                        loaded.view().get(), loaded.table(), contract.columns().columns());
            }
            states.widen(options.name(), schema, contract.columns().columns());
            session.commit();
            if (!contract.columns().added().isEmpty()) {
                LOG.info(
                        "port {}: added to table {}: {}",
                        options.address(),
                        loaded.table(),
                        contract.columns().added());
            }
            loaded = states.read(options.name()).orElseThrow();
            session.commit();
            contract = PortContract.read(options.address(), registry, loaded.columns());
            rows.contract(contract);
        }
        return new BatchWriter(session, claim, loaded.table(), loaded.columns(), options.steps());
    }

    /**
     * Loads until it is stopped.
     *
     * @throws io.kappamesh.postgres.FencedException when another loader has taken over
     */
    void loop(BooleanSupplier stopped) throws SQLException, ExecutionException, InterruptedException {
        while (!stopped.getAsBoolean()) {
            step();
        }
    }

    /** Loads everything that is committed in the topic by now; false = it was stopped before. */
    boolean toEnd(BooleanSupplier stopped) throws SQLException, ExecutionException, InterruptedException {
        Ends goal = ends();
        awaited = goal;
        while (!stopped.getAsBoolean()) {
            if (isAt(goal) && barrier.isPassed(positions)) {
                write();
                return true;
            }
            step();
        }
        return false;
    }

    private void step() throws SQLException, ExecutionException, InterruptedException {
        ConsumerRecords<byte[], byte[]> polled = poll();
        for (TopicPartition partition : polled.partitions()) {
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                take(record);
            }
        }
        positions.replaceAll((partition, before) -> consumer.position(partition(partition)));
        meters.lag(lag());
        boolean waited =
                System.nanoTime() - begunAt >= options.batching().interval().toNanos();
        if (!batch.isEmpty() && waited && barrier.isPassed(positions)) {
            write();
        }
        maintain();
    }

    private ConsumerRecords<byte[], byte[]> poll() throws SQLException, ExecutionException, InterruptedException {
        try {
            return consumer.poll(POLL);
        } catch (InvalidOffsetException gone) {
            topic.requireSame(loaded, topic.description());
            Map<Integer, Long> unused = topic.goOn(loaded, false, states.now());
            throw new KafkaException("the brokers do not have the offset to read next, and give no reason", gone);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record)
            throws SQLException, ExecutionException, InterruptedException {
        byte[] value = record.value();
        OptionalInt schemaId = value == null ? OptionalInt.empty() : AvroDecoder.schemaId(value);
        if (schemaId.isPresent() && !contract.covers(schemaId.getAsInt())) {
            PortContract now = contract.after(schemaId.getAsInt());
            boolean same = now.columns().newest().equals(contract.columns().newest());
            if (!same) {
                // What was read so far is written with the columns that it was made for.
                write();
            }
            contract = now;
            rows.contract(now);
            if (!same) {
                writer = widened();
            }
        }
        if (batch.isEmpty()) {
            begunAt = System.nanoTime();
        }
        barrier.meet(record);
        rows.take(record, batch);
        positions.put(record.partition(), record.offset() + 1);
        if (batch.bytes() >= options.batching().bytes()
                || batch.records() >= options.batching().records()) {
            if (barrier.isPassed(positions)) {
                write();
            } else {
                writer.add(batch);
                spilled = true;
                spilledRecords += batch.records();
                batch = new Batch();
            }
        }
    }

    private void write() throws SQLException, ExecutionException, InterruptedException {
        Optional<Instant> caughtUp = caughtUp();
        long began = System.nanoTime();
        BatchWriter.Written written = writer.write(batch, positions, caughtUp);
        stored = new TreeMap<>(positions);
        renewedAt = System.nanoTime();
        meters.committed(batch.records() + spilledRecords, written, Duration.ofNanos(System.nanoTime() - began));
        spilled = false;
        spilledRecords = 0;
        batch = new Batch();
    }

    /**
     * Says now and then that this loader is alive, stores positions that only markers have moved, and looks whether the topic is still the same.
     * A transaction that is under way says so too, by its lock.
     */
    private void maintain() throws SQLException, ExecutionException, InterruptedException {
        if (spilled || System.nanoTime() - renewedAt < options.lease().toNanos() / RENEWALS_PER_LEASE) {
            return;
        }
        try {
            topic.requireSame(loaded, topic.description());
            if (awaited == null) {
                awaited = ends();
            }
        } catch (ExecutionException unanswered) {
            if (LoadFaults.waitedFor(unanswered).isEmpty()) {
                throw new KafkaException(unanswered.getCause());
            }
            LOG.debug("port {}: the brokers do not say how the topic is", options.address(), unanswered);
        }
        boolean settled = batch.isEmpty() && barrier.isPassed(positions);
        Optional<Instant> caughtUp = settled ? caughtUp() : Optional.empty();
        states.hold(claim);
        if (settled && !stored.equals(positions)) {
            states.move(options.name(), positions);
        }
        states.renew(claim, caughtUp);
        session.commit();
        if (settled) {
            stored = new TreeMap<>(positions);
        }
        renewedAt = System.nanoTime();
    }

    private Ends ends() throws SQLException, ExecutionException, InterruptedException {
        Instant now = states.now();
        session.commit();
        return new Ends(now, topic.committed());
    }

    private boolean isAt(Ends ends) {
        return ends.offsets().entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /**
     * Up to when everything is loaded, once the positions are stored; empty = nothing new is known of it. The first time, nothing may have been
     * missed on the way.
     */
    private Optional<Instant> caughtUp() throws SQLException, ExecutionException, InterruptedException {
        Ends ends = awaited;
        if (ends == null || !isAt(ends)) {
            return Optional.empty();
        }
        if (!everCaughtUp) {
            topic.requireDeletions(loaded, loaded.positions(), ends.at());
            everCaughtUp = true;
        }
        awaited = null;
        return Optional.of(ends.at());
    }

    private long lag() {
        long all = 0;
        for (TopicPartition partition : consumer.assignment()) {
            all += consumer.currentLag(partition).orElse(0);
        }
        return all + batch.records();
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(options.address().topic(), number);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
