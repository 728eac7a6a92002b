package io.kappamesh.load;

import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.columns.Column;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.feed.CorrectionBarrier;
import io.kappamesh.feed.DeletionWatch;
import io.kappamesh.feed.LoadFaults;
import io.kappamesh.feed.Patience;
import io.kappamesh.feed.PortContract;
import io.kappamesh.feed.RowMaker;
import io.kappamesh.feed.SourceTopic;
import io.kappamesh.postgres.Batch;
import io.kappamesh.postgres.BatchWriter;
import io.kappamesh.postgres.Claim;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.Position;
import io.kappamesh.postgres.Session;
import io.kappamesh.postgres.WriterThread;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.relations.TableDefinitions;
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
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a port for as long as a claim and a session hold. Whatever it throws, the next one goes on at the positions that are stored. One thread reads, and
 * {@link WriterThread} writes what was read before: {@link #settle} comes before each use of the session.
 */
final class LoadRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadRun.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int RENEWALS_PER_LEASE = 3;
    private static final int TOUCHES_PER_LEASE = 6;
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
    private CorrectionBarrier barrier;
    private LoadState loaded;
    private PortContract contract;
    private RowMaker rows;
    private BatchWriter writer;
    private final WriterThread writing;
    private Batch batch = new Batch();
    private final Patience patience;
    private final Map<Integer, Position> positions;
    private Map<Integer, Position> stored;
    private final DeletionWatch deletions;
    private long begunAt;
    private long renewedAt = System.nanoTime();
    private long touchedAt = renewedAt;
    private boolean spilled;
    private long spilledRecords;
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
            LoadMeters meters,
            Patience patience)
            throws SQLException, ExecutionException, InterruptedException {
        this.options = options;
        this.session = session;
        this.states = new LoadStates(session);
        this.claim = claim;
        this.topic = topic;
        this.registry = registry;
        this.meters = meters;
        this.patience = patience;
        this.loaded = states.read(options.name()).orElseThrow();
        session.commit();
        topic.requireSame(loaded, topic.description());
        this.positions = new TreeMap<>(topic.goOn(loaded, options.acceptsGap()));
        this.stored = new TreeMap<>(loaded.positions());
        this.deletions = new DeletionWatch(topic, states, options.name(), options.acceptsGap());
        deletions.check(stored);
        session.commit();
        this.contract = PortContract.read(options.address(), registry, loaded.columns(), loaded.declared());
        this.rows = new RowMaker(contract);
        this.barrier = new CorrectionBarrier(topic);
        this.writer = widened();
        this.writing = new WriterThread(options.name());
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
        positions.forEach(this::seek);
        sayWhoReads();
    }

    /** A table that is built beside another one reads no longer than it takes. */
    private void sayWhoReads() throws InterruptedException {
        if (options.name().equals(options.address().toString())) {
            topic.readBy("mesh-load." + options.address() + "." + options.table(), offsets());
        }
    }

    /** With the epoch of what was read before, so that the brokers are asked whether they still have it. */
    private void seek(int partition, Position position) {
        consumer.seek(partition(partition), new OffsetAndMetadata(position.next(), position.leaderEpoch(), ""));
    }

    /** A writer for the columns that the contract has, which the table has too, then. */
    private BatchWriter widened() throws SQLException {
        List<String> misfits = contract.columns().changed();
        if (!misfits.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "port " + options.address() + ": table " + loaded.table() + " does not fit its contract any more: "
                            + String.join("; ", misfits) + "; `" + options.reload() + "` builds it again"
                            + (loaded.children().isEmpty()
                                    ? ""
                                    : "; give --child or --no-children if a field is named"));
        }
        List<Column> added = contract.columns().allAdded();
        if (!added.isEmpty() || !contract.columns().newest().toString().equals(loaded.schema())) {
            states.hold(claim);
            // Its views may have been taken since it was read, and cannot be taken any more.
            loaded = states.read(options.name()).orElseThrow();
            new TableDefinitions(session).widen(loaded, contract.columns());
            states.widen(loaded, contract.columns());
            session.commit();
            if (!added.isEmpty()) {
                LOG.info("port {}: added to table {} and its elements: {}", options.address(), loaded.table(), added);
            }
            loaded = states.read(options.name()).orElseThrow();
            session.commit();
            contract = PortContract.read(options.address(), registry, loaded.columns(), loaded.declared());
            rows.contract(contract);
        }
        return new BatchWriter(session, claim, loaded, options.steps());
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
        finish();
    }

    /** Loads everything that is committed in the topic by now; false = it was stopped before. */
    boolean toEnd(BooleanSupplier stopped) throws SQLException, ExecutionException, InterruptedException {
        Ends goal = ends();
        awaited = goal;
        while (!stopped.getAsBoolean()) {
            if (isAt(goal) && barrier.isPassed(offsets())) {
                write();
                finish();
                return true;
            }
            step();
        }
        finish();
        return false;
    }

    private void finish() throws SQLException, InterruptedException {
        settle();
        meters.lag(lag());
    }

    private void step() throws SQLException, ExecutionException, InterruptedException {
        ConsumerRecords<byte[], byte[]> polled = poll();
        if (!writing.isBusy()) {
            settle();
        }
        if (takeAll(polled)) {
            meters.lag(lag());
        }
        boolean waited =
                System.nanoTime() - begunAt >= options.batching().interval().toNanos();
        boolean unwritten = !batch.isEmpty() || spilled;
        if (unwritten && waited && !writing.isBusy() && barrier.isPassed(offsets())) {
            write();
        }
        maintain();
    }

    private ConsumerRecords<byte[], byte[]> poll() throws SQLException, ExecutionException, InterruptedException {
        try {
            return consumer.poll(POLL);
        } catch (LogTruncationException lost) {
            topic.requireSame(loaded, topic.description());
            throw topic.truncated(lost);
        } catch (InvalidOffsetException gone) {
            topic.requireSame(loaded, topic.description());
            Map<Integer, Position> unused = topic.goOn(loaded, false);
            throw new KafkaException("the brokers do not have the offset to read next, and give no reason", gone);
        }
    }

    /** False = it begins again where the table stands. */
    private boolean takeAll(ConsumerRecords<byte[], byte[]> polled)
            throws SQLException, ExecutionException, InterruptedException {
        for (TopicPartition partition : polled.partitions()) {
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                if (!take(record)) {
                    return false;
                }
            }
        }
        // Behind the markers of transactions too, which are no records.
        polled.nextOffsets()
                .forEach((partition, next) ->
                        positions.put(partition.partition(), new Position(next.offset(), next.leaderEpoch())));
        return true;
    }

    /** False = it begins again where the table stands. */
    private boolean take(ConsumerRecord<byte[], byte[]> record)
            throws SQLException, ExecutionException, InterruptedException {
        byte[] value = record.value();
        OptionalInt schemaId = value == null ? OptionalInt.empty() : AvroDecoder.schemaId(value);
        if (schemaId.isPresent() && !contract.covers(schemaId.getAsInt())) {
            PortContract now = contract.after(schemaId.getAsInt());
            boolean same = now.columns().newest().equals(contract.columns().newest());
            boolean whole = same || barrier.isPassed(offsets());
            if (!same && whole) {
                // What was read so far is written with the columns that it was made for.
                write();
                settle();
            }
            if (!whole) {
                rewind();
            }
            contract = now;
            rows.contract(now);
            if (!same) {
                writer = widened();
            }
            if (!whole) {
                return false;
            }
        }
        if (batch.isEmpty()) {
            begunAt = System.nanoTime();
        }
        barrier.meet(record);
        rows.take(record, batch);
        positions.put(record.partition(), new Position(record.offset() + 1, record.leaderEpoch()));
        if (batch.bytes() >= options.batching().bytes()
                || batch.records() >= options.batching().records()) {
            if (barrier.isPassed(offsets())) {
                write();
            } else {
                settle();
                writer.add(batch);
                spilled = true;
                spilledRecords += batch.records();
                batch = new Batch();
            }
        }
        return true;
    }

    /**
     * Undoes what is not committed, and goes back to where the table stands: amid a promotion nothing may be written before all of it, and a column is
     * not added in a transaction that waits for the rest, because readers would wait for it too.
     */
    private void rewind() throws SQLException, InterruptedException {
        settle();
        session.rollBack();
        batch = new Batch();
        spilled = false;
        spilledRecords = 0;
        barrier = new CorrectionBarrier(topic);
        stored.forEach((partition, position) -> {
            positions.put(partition, position);
            seek(partition, position);
        });
    }

    /** Begins to write what was gathered, once what was begun before is committed: two batches never overlap, and the second knows what the first has stored. */
    private void write() throws SQLException, ExecutionException, InterruptedException {
        settle();
        requireDeletions();
        Optional<Instant> caughtUp = caughtUp();
        Batch full = batch;
        BatchWriter by = writer;
        Map<Integer, Position> upTo = new TreeMap<>(positions);
        writing.begin(() -> by.write(full, upTo, caughtUp), batch.records() + spilledRecords, upTo);
        spilled = false;
        spilledRecords = 0;
        batch = new Batch();
    }

    /** Waits until what was begun to be written is committed. The session is this thread's then. */
    private void settle() throws SQLException, InterruptedException {
        Optional<WriterThread.Committed> done = writing.settle();
        if (done.isPresent()) {
            WriterThread.Committed committed = done.get();
            stored = committed.positions();
            renewedAt = System.nanoTime();
            patience.gotOn();
            meters.committed(committed.records(), committed.written(), committed.took());
        }
    }

    /**
     * Says now and then that this loader is alive, stores positions that only markers have moved, and looks whether the topic is still the same.
     * A transaction that is under way says so too, by its lock.
     */
    private void maintain() throws SQLException, ExecutionException, InterruptedException {
        if (writing.isBusy()) {
            return;
        }
        settle();
        long now = System.nanoTime();
        if (spilled) {
            if (now - touchedAt >= options.lease().toNanos() / TOUCHES_PER_LEASE) {
                session.touch();
                touchedAt = now;
            }
            return;
        }
        if (now - renewedAt < options.lease().toNanos() / RENEWALS_PER_LEASE) {
            return;
        }
        boolean answered = askTopic();
        boolean settled = batch.isEmpty() && barrier.isPassed(offsets());
        if (settled) {
            requireDeletions();
        }
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
        if (answered) {
            sayWhoReads();
            patience.gotOn();
            meters.goesOn();
        }
    }

    /** False = the brokers do not answer. */
    private boolean askTopic() throws SQLException, InterruptedException {
        try {
            topic.requireSame(loaded, topic.description());
            deletions.ask();
            if (awaited == null) {
                awaited = ends();
            }
            return true;
        } catch (ExecutionException unanswered) {
            String why = LoadFaults.waitedFor(unanswered).orElseThrow(() -> new KafkaException(unanswered.getCause()));
            patience.notGettingOn(why, unanswered);
            meters.waiting(why);
            return false;
        }
    }

    private Ends ends() throws SQLException, ExecutionException, InterruptedException {
        Instant now = states.now();
        session.commit();
        return new Ends(now, topic.committed());
    }

    private boolean isAt(Ends ends) {
        Map<Integer, Long> offsets = offsets();
        return ends.offsets().entrySet().stream()
                .allMatch(end -> offsets.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /** Refuses to store positions behind which deletions may be missing. Where nothing was read, nothing is missing. */
    private void requireDeletions() throws SQLException, ExecutionException, InterruptedException {
        if (!Position.offsets(stored).equals(offsets())) {
            deletions.check(stored);
        }
    }

    private Map<Integer, Long> offsets() {
        return Position.offsets(positions);
    }

    /** Up to when everything is loaded, once the positions are stored; empty = nothing new is known of it. */
    private Optional<Instant> caughtUp() {
        Ends ends = awaited;
        if (ends == null || !isAt(ends)) {
            return Optional.empty();
        }
        awaited = null;
        return Optional.of(ends.at());
    }

    private long lag() {
        long all = 0;
        for (TopicPartition partition : consumer.assignment()) {
            all += consumer.currentLag(partition).orElse(0);
        }
        return all + batch.records() + writing.records();
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(options.address().topic(), number);
    }

    /** Counts what was committed while reading failed; what writing failed with is logged, because something else is thrown already. */
    @Override
    public void close() {
        try {
            writing.close();
            settle();
        } catch (SQLException | RuntimeException failed) {
            LOG.warn(
                    "port {}: the batch that was being written when loading ended failed too",
                    options.address(),
                    failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
