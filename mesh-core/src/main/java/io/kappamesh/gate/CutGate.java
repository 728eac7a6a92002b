package io.kappamesh.gate;

import io.kappamesh.control.ControlView;
import io.kappamesh.generation.Acknowledgement;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Cut.Afterwards;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.topology.Destinations;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What is decided about one generation, as this process knows it: which role it has, which build computes it, and whether it is to
 * pause. All stream threads ask; all of it comes from one control record and changes together. Thread-safe.
 */
public final class CutGate implements ControlView.Listener, Destinations {

    /**
     * @param role empty = nothing is known yet
     * @param own whether the build of this process computes the generation
     * @param cut the order that concerns this generation; null = none
     * @param since when the cut was first seen, in nanoseconds of the clock
     */
    private record Decided(
            Optional<Role> role, boolean own, @Nullable Cut cut, long since) {}

    /**
     * An order to pause.
     *
     * @param cut its id
     * @param offsets at which to pause; empty = at the current positions
     */
    public record Order(String cut, Map<TopicPartition, Long> offsets) {}

    /** A consumer of this process that has paused: the cut, its member id in the group, and its positions. */
    private record Paused(String cut, String member, Map<TopicPartition, Long> positions) {}

    private final Generation generation;
    private final String build;
    private final Supplier<CompletableFuture<Void>> refresh;
    private final Consumer<Acknowledgement> send;
    private final Throttle throttle;
    private final LongSupplier nanos;
    private final Set<CutLine> lines = ConcurrentHashMap.newKeySet();
    private final Map<CutLine, Paused> paused = new HashMap<>();
    private final Set<String> transactionalIds = ConcurrentHashMap.newKeySet();
    private @Nullable Acknowledgement lastSent;
    private volatile Decided decided = new Decided(Optional.empty(), false, null, 0);

    /**
     * @param build of this process
     * @param refresh completes once everything is known that was decided before it was asked
     * @param send writes an acknowledgement to the control topic
     * @param throttle bounds a candidate
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    public CutGate(
            Generation generation,
            String build,
            Supplier<CompletableFuture<Void>> refresh,
            Consumer<Acknowledgement> send,
            Throttle throttle,
            LongSupplier nanos) {
        this.generation = generation;
        this.build = build;
        this.refresh = refresh;
        this.send = send;
        this.throttle = throttle;
        this.nanos = nanos;
    }

    @Override
    public void changed(ProductLifecycle lifecycle) {
        Cut order = lifecycle.cut();
        Cut mine = order != null && order.concerns(generation.number()) ? order : null;
        Decided before = decided;
        boolean same = mine != null && before.cut != null && mine.id().equals(before.cut.id());
        Optional<GenerationRecord> record = lifecycle.generation(generation.number());
        decided = new Decided(
                record.map(GenerationRecord::role),
                record.filter(one -> one.build().equals(build)).isPresent(),
                mine,
                same ? before.since : nanos.getAsLong());
    }

    /** Empty until the first control record was read. */
    public Optional<Role> role() {
        return decided.role;
    }

    /** Whether this process may let records in: the decisions are known, and its build computes the generation. */
    public boolean isOpen() {
        return decided.own;
    }

    /** Records came in. */
    void passed(long records) {
        throttle.passed(records);
    }

    /** Whether a candidate is to leave the brokers to others for a moment. */
    boolean isThrottled() {
        return throttle.isTooEarly() && decided.role.equals(Optional.of(Role.CANDIDATE));
    }

    @Override
    public String of(String topic) {
        Role role = decided.role.orElseThrow(
                () -> new IllegalStateException(generation + ": a record came out before its role was known"));
        return role == Role.SERVING ? topic : generation.shadowOf(topic);
    }

    /** The order to pause that holds now; null = none, or its lease is over. */
    @Nullable
    public Order order() {
        Decided now = decided;
        Cut cut = now.cut;
        if (cut == null || (cut.afterwards() == Afterwards.GO_ON && isOver(now, cut))) {
            return null;
        }
        return new Order(cut.id(), cut.offsetsFor(generation.number()));
    }

    /** The cut whose command has not been heard of for so long that a process has to release it; null = none. */
    @Nullable
    public Cut abandoned() {
        Decided now = decided;
        Cut cut = now.cut;
        return cut != null && cut.afterwards() == Afterwards.TAKE_OVER && isOver(now, cut) ? cut : null;
    }

    private boolean isOver(Decided now, Cut cut) {
        return nanos.getAsLong() - now.since > TimeUnit.MILLISECONDS.toNanos(cut.leaseMillis());
    }

    CompletableFuture<Void> refresh() {
        return refresh.get();
    }

    /** A producer of this process writes under a transactional id. */
    void writes(String transactionalId) {
        transactionalIds.add(transactionalId);
    }

    /** A consumer of this process was opened. */
    void opened(CutLine line) {
        lines.add(line);
    }

    /** A consumer of this process was closed. */
    void closed(CutLine line) {
        lines.remove(line);
        synchronized (paused) {
            paused.remove(line);
        }
    }

    /** Whether all consumers of this process are closed. */
    public boolean isQuiet() {
        return lines.isEmpty();
    }

    /** A consumer has paused at the cut. Once all consumers of this process have, it sends the acknowledgement. */
    void pausedAt(CutLine line, String process, String member, String cut, Map<TopicPartition, Long> positions) {
        Acknowledgement acknowledgement;
        synchronized (paused) {
            paused.put(line, new Paused(cut, member, Map.copyOf(positions)));
            Map<TopicPartition, Long> all = new HashMap<>();
            Set<String> members = new HashSet<>();
            for (CutLine one : lines) {
                Paused consumer = paused.get(one);
                if (consumer == null || !consumer.cut.equals(cut)) {
                    return;
                }
                consumer.positions.forEach((partition, offset) -> all.merge(partition, offset, Math::max));
                members.add(consumer.member);
            }
            acknowledgement = Acknowledgement.of(generation, process, cut, all, members, transactionalIds);
            if (acknowledgement.equals(lastSent)) {
                return;
            }
            lastSent = acknowledgement;
        }
        send.accept(acknowledgement);
    }
}
