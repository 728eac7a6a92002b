package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlView.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control topic of one product, as a {@link ControlView} follows it. Only the thread of the view may call methods that are not marked
 * thread-safe. Nothing here blocks: the admin client answers asynchronously.
 */
final class FollowedTopic {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedTopic.class);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);
    private static final int TO_FENCE_MILLIS = 10_000;

    /**
     * A refresh that is not complete yet.
     *
     * @param ticket the future to complete
     * @param end the offset up to which the topic has to be read before
     * @param since the time of its start, in nanoseconds
     */
    private record Awaited(CompletableFuture<Void> ticket, long end, long since) {}

    private final ProductName product;
    private final TopicPartition partition;
    private final Admin admin;
    private final Duration heldUp;
    private final Runnable wake;
    private final ControlState state = new ControlState();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<CompletableFuture<Void>> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Awaited> promised = new ConcurrentLinkedQueue<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private long reached;
    private long freedLast = System.nanoTime();
    private volatile long askAfter = System.nanoTime();

    /**
     * @param heldUp for how long an open transaction may delay a refresh
     * @param wake lets the thread of the view look at once
     */
    FollowedTopic(ProductName product, Admin admin, Duration heldUp, Runnable wake) {
        this.product = product;
        this.partition = ControlTopic.partition(product);
        this.admin = admin;
        this.heldUp = heldUp;
        this.wake = wake;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Thread-safe. */
    ControlState state() {
        return state;
    }

    /** The offset at which reading continues. */
    long reached() {
        return reached;
    }

    /** Thread-safe. Calls the listener at once with the latest decision that is known. */
    void add(Listener listener) {
        listeners.add(listener);
        state.lifecycle().ifPresent(listener::changed);
    }

    /** Thread-safe. */
    void remove(Listener listener) {
        listeners.remove(listener);
    }

    /** Thread-safe. */
    CompletableFuture<Void> refresh() {
        CompletableFuture<Void> ticket = new CompletableFuture<>();
        asked.add(ticket);
        wake.run();
        return ticket;
    }

    /** Whether somebody waits for what is written. */
    boolean isAwaited() {
        return !asked.isEmpty() || !promised.isEmpty() || !awaited.isEmpty();
    }

    void read(List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ControlRecords.read(record, state);
            reached = record.offset() + 1;
        }
        if (!records.isEmpty() && state.unreadable().isPresent()) {
            LOG.error(
                    "{}",
                    UndecidedException.unreadable(product, state.unreadable().get())
                            .getMessage());
        } else if (!records.isEmpty()) {
            listeners.forEach(listener -> state.lifecycle().ifPresent(listener::changed));
        }
    }

    /** Notes that everything below an offset has been read, and completes the futures that waited for it. */
    void reached(long offset) {
        reached = offset;
        for (Awaited next = promised.poll(); next != null; next = promised.poll()) {
            awaited.add(next);
        }
        awaited.removeIf(one -> {
            boolean known = reached >= one.end() && state.unreadable().isEmpty();
            if (known) {
                one.ticket().complete(null);
            }
            return known;
        });
    }

    /**
     * Asks the brokers for the end offset, for the refreshes that have been requested. Because it asks after the request, everything that
     * was written before the request is below that offset. It asks for the end of uncommitted records, because a commit returns
     * before its records are visible.
     */
    void promise() {
        if (asked.isEmpty() || System.nanoTime() < askAfter) {
            return;
        }
        List<CompletableFuture<Void>> tickets = new ArrayList<>();
        for (CompletableFuture<Void> ticket = asked.poll(); ticket != null; ticket = asked.poll()) {
            tickets.add(ticket);
        }
        end(
                IsolationLevel.READ_UNCOMMITTED,
                end -> {
                    tickets.forEach(ticket -> promised.add(new Awaited(ticket, end, System.nanoTime())));
                    wake.run();
                },
                () -> {
                    askAfter = System.nanoTime() + AFTER_A_FAULT.toNanos();
                    asked.addAll(tickets);
                });
    }

    /**
     * Ends an open transaction that delays a refresh for too long. A command commits moments after it has written its decision. If it takes
     * longer, it is dead or suspended, and is fenced as by the next command. That aborts at most a decision that was never acknowledged.
     */
    void free() {
        long now = System.nanoTime();
        long since = awaited.stream().mapToLong(Awaited::since).min().orElse(now);
        if (now - since < heldUp.toNanos() || now - freedLast < heldUp.toNanos()) {
            return;
        }
        freedLast = now;
        long behind = reached;
        long wanted = awaited.stream().mapToLong(Awaited::end).max().orElse(0);
        end(
                IsolationLevel.READ_COMMITTED,
                committed -> {
                    if (committed <= behind && committed < wanted) {
                        fence();
                    }
                },
                () -> LOG.debug("{}: cannot ask where {} ends", product, partition));
    }

    private void fence() {
        String id = ControlWriter.transactionalId(product);
        LOG.warn(
                "{}: a transaction has hidden for more than {} what is decided; fencing {}, whose command died or hangs. If this is "
                        + "told again, end it with kafka-transactions.sh --bootstrap-server … abort --topic {} --partition 0 …",
                product,
                heldUp,
                id,
                partition.topic());
        KafkaFuture<Void> unused = admin.fenceProducers(
                        List.of(id), new FenceProducersOptions().timeoutMs(TO_FENCE_MILLIS))
                .all()
                .whenComplete((done, failed) -> {
                    if (failed != null) {
                        LOG.warn(
                                "{}: cannot fence {}; any command that decides about the product ends its transaction",
                                product,
                                id,
                                failed);
                    }
                });
    }

    private void end(IsolationLevel isolation, LongConsumer then, Runnable orElse) {
        KafkaFuture<ListOffsetsResultInfo> unused = admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .whenComplete((info, failed) -> {
                    if (failed == null) {
                        then.accept(info.offset());
                    } else {
                        orElse.run();
                    }
                });
    }
}
