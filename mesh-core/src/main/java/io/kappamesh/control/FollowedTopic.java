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
 * One product whose control topic is followed. What is not said to be thread-safe belongs to the thread of the {@link ControlView}.
 * Nothing here blocks: brokers are asked through an admin client, whose answers are taken up later.
 */
final class FollowedTopic {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedTopic.class);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);
    private static final int TO_FENCE_MILLIS = 10_000;

    /**
     * What somebody waits for.
     *
     * @param ticket to be completed
     * @param end once everything below is known
     * @param since from when on it was waited for, in nanoseconds
     */
    private record Awaited(CompletableFuture<Void> ticket, long end, long since) {}

    private final ProductName product;
    private final TopicPartition partition;
    private final Admin admin;
    private final Duration heldUp;
    private final ControlState state = new ControlState();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<CompletableFuture<Void>> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Awaited> promised = new ConcurrentLinkedQueue<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private long reached;
    private long freedLast = System.nanoTime();
    private volatile long askAfter = System.nanoTime();

    /** @param heldUp for how long an open transaction may hide what is written from who waits for it */
    FollowedTopic(ProductName product, Admin admin, Duration heldUp) {
        this.product = product;
        this.partition = ControlTopic.partition(product);
        this.admin = admin;
        this.heldUp = heldUp;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Thread-safe. */
    ControlState state() {
        return state;
    }

    /** Where to go on reading. */
    long reached() {
        return reached;
    }

    /** Thread-safe; what is known already is told at once. */
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
        return ticket;
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

    /** Everything below an offset is known. */
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
     * Asks where what is written ends, for those who have asked to be told when it is known. It is asked after the question, so that
     * whatever was written before lies below. What is written, not what is committed: a commit is answered before it can be seen.
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
                end -> tickets.forEach(ticket -> promised.add(new Awaited(ticket, end, System.nanoTime()))),
                () -> {
                    askAfter = System.nanoTime() + AFTER_A_FAULT.toNanos();
                    asked.addAll(tickets);
                });
    }

    /**
     * Ends a transaction that hides what somebody waits for. Between a decision and its commit lie moments; whoever is longer about
     * it is dead or asleep, and is fenced, as if the next command had come. That undoes at most a decision that was never answered.
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
