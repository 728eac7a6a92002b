package io.kappamesh.change;

import static java.util.Objects.requireNonNull;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import io.kappamesh.database.CapturedTable;
import io.kappamesh.database.DatabaseAddress;
import io.kappamesh.database.Slots;
import io.kappamesh.database.TableName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Debezium's engine on a thread of its own, and hands its changes over in their order. PostgreSQL is told of no position but those that {@link
 * #confirm} gets. Its methods belong to one thread.
 */
public final class ChangeStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);
    private static final Duration TO_STOP = Duration.ofSeconds(10);
    private static final long GLANCE_MILLIS = 50;

    /** A slot waits for all open transactions of the server before it begins; Debezium gives it up after a minute and a half. */
    private static final Duration TO_START = Duration.ofMinutes(10);

    private static final int MANY_BYTES = 64 << 20;

    private final Changes changes;
    private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(1);
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final Thread thread;
    private volatile boolean started;
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;
    private @Nullable RecordCommitter<RecordChangeEvent<SourceRecord>> committer;

    private record Batch(
            List<RecordChangeEvent<SourceRecord>> events, RecordCommitter<RecordChangeEvent<SourceRecord>> committer) {}

    /**
     * Starts the engine.
     *
     * @param name of the port, for Debezium's envelopes, logs and meters
     * @param slot that it reads, and makes if there is to be a snapshot
     * @param from behind which transaction it begins; empty = with a snapshot
     */
    public ChangeStream(
            String name,
            DatabaseAddress database,
            TableName table,
            CapturedTable captured,
            String publication,
            String slot,
            OptionalLong from) {
        changes = new Changes(table);
        engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings(name, database, table, captured, publication, slot, from))
                .using(OffsetCommitPolicy.always())
                .using(ChangeStream.class.getClassLoader())
                .using(new DebeziumEngine.ConnectorCallback() {
                    @Override
                    public void taskStarted() {
                        started = true;
                    }
                })
                .using((isSuccess, message, error) -> {
                    if (!isSuccess) {
                        failure = error == null ? new IOException(message) : error;
                    }
                    ended = true;
                })
                .notifying(this::handOver)
                .build();
        thread = new Thread(engine, "capture-engine-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static Properties settings(
            String name,
            DatabaseAddress database,
            TableName table,
            CapturedTable captured,
            String publication,
            String slot,
            OptionalLong from) {
        Properties all = new Properties();
        all.setProperty("name", name);
        all.setProperty("topic.prefix", name);
        all.setProperty("connector.class", SlotWatchingConnector.class.getName());
        all.setProperty("database.hostname", database.host());
        all.setProperty("database.port", database.port());
        all.setProperty("database.dbname", database.database());
        all.setProperty("database.user", database.role());
        database.secret().ifPresent(secret -> all.setProperty("database.password", secret));
        database.parameters().forEach((key, value) -> all.setProperty("driver." + key, value));
        // Otherwise the meters of two engines of one port would have one name in JMX, and the later one would wait for
        // it.
        all.setProperty("custom.metric.tags", "engine=" + UUID.randomUUID());
        all.setProperty("plugin.name", "pgoutput");
        all.setProperty("slot.name", slot);
        all.setProperty("publication.name", publication);
        all.setProperty("publication.autocreate.mode", "disabled");
        all.setProperty("table.include.list", Pattern.quote(table.toString()));
        if (!captured.generated().isEmpty()) {
            // In snapshots they would have values, and in changes none.
            all.setProperty(
                    "column.exclude.list",
                    String.join(
                            ",",
                            captured.generated().stream()
                                    .map(column -> Pattern.quote(table + "." + column))
                                    .toList()));
        }
        all.setProperty("message.prefix.include.list", Pattern.quote(Slots.MESSAGES));
        all.setProperty("skipped.operations", "none");
        all.setProperty("tombstones.on.delete", "false");
        all.setProperty("provide.transaction.metadata", "true");
        all.setProperty("decimal.handling.mode", "string");
        all.setProperty("time.precision.mode", "microseconds");
        all.setProperty("interval.handling.mode", "string");
        // A value that it cannot convert would be null.
        all.setProperty("event.converting.failure.handling.mode", "fail");
        all.setProperty("snapshot.mode", from.isPresent() ? "no_data" : "initial");
        all.setProperty("offset.storage", ResumePoint.class.getName());
        from.ifPresent(lsn -> all.setProperty(ResumePoint.LSN, Long.toString(lsn)));
        // Whoever runs this begins anew by what is committed; the engine would go on with what it remembers.
        all.setProperty("errors.max.retries", "0");
        all.setProperty("slot.max.retries", "0");
        all.setProperty("max.queue.size.in.bytes", Integer.toString(MANY_BYTES));
        all.setProperty("poll.interval.ms", "50");
        all.setProperty("status.update.interval.ms", "5000");
        all.setProperty("internal.task.management.timeout.ms", Long.toString(TO_START.toMillis()));
        return all;
    }

    private void handOver(
            List<RecordChangeEvent<SourceRecord>> events, RecordCommitter<RecordChangeEvent<SourceRecord>> committing)
            throws InterruptedException {
        Batch batch = new Batch(events, committing);
        while (!batches.offer(batch, GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
            if (closing) {
                throw new InterruptedException("the capture ends");
            }
        }
    }

    /** Whether the slot is there and changes may come. */
    public boolean isStarted() {
        return started;
    }

    /**
     * What comes next.
     *
     * @return empty = nothing came in the time
     * @throws ChangeStreamException when the engine has ended, or a change cannot be read
     */
    public List<Change> poll(Duration time) throws InterruptedException {
        Batch batch = batches.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        if (batch == null) {
            if (ended && batches.isEmpty()) {
                Throwable cause = failure;
                throw new ChangeStreamException(
                        "Debezium's engine has ended",
                        cause == null ? new IOException("the stream of changes was closed") : cause);
            }
            return List.of();
        }
        committer = batch.committer();
        List<Change> all = new ArrayList<>(batch.events().size());
        for (RecordChangeEvent<SourceRecord> event : batch.events()) {
            changes.of(event).ifPresent(all::add);
        }
        return all;
    }

    /**
     * Tells PostgreSQL that it may forget everything up to a transaction, which is soon done.
     *
     * @throws ChangeStreamException when it cannot be told, as its engine is about to say
     */
    public void confirm(Change.Ended transaction) {
        RecordCommitter<RecordChangeEvent<SourceRecord>> known = requireNonNull(committer);
        LOG.debug("{} confirms {}", thread.getName(), transaction.lsn());
        try {
            known.markProcessed(transaction.event());
            known.markBatchFinished();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (ConnectException failed) {
            // It is one of Kafka's exceptions, which would be taken for a fault of the brokers.
            throw new ChangeStreamException("PostgreSQL cannot be told of a position", failed);
        }
    }

    /**
     * Ends the engine. One that does not end in time, because the database does not answer, is ended by a thread of its own as soon as that is possible.
     */
    @Override
    public void close() {
        closing = true;
        Thread closer = new Thread(this::stopEngine, thread.getName() + "-stop");
        closer.setDaemon(true);
        closer.start();
        try {
            thread.join(TO_STOP.toMillis());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** An engine cannot be stopped while it starts, nor twice. */
    private void stopEngine() {
        while (thread.isAlive()) {
            batches.clear();
            try {
                engine.close();
            } catch (IllegalStateException notNow) {
                LOG.debug("{}: {}", thread.getName(), notNow.getMessage());
            } catch (IOException failed) {
                LOG.debug("{} does not stop", thread.getName(), failed);
            }
            try {
                thread.join(GLANCE_MILLIS);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }
}
