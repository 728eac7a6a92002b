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
     * @param own whether the build of this process is the one that computes it
     * @param cut the order that concerns this generation; null = none
     * @param since when it was first seen, in nanoseconds of the clock
     */
    private record Standing(
            Optional<Role> role, boolean own, @Nullable Cut cut, long since) {}

    /**
     * An order to pause.
     *
     * @param cut its id
     * @param offsets where to stand; empty = wherever it is
     */
    public record Order(String cut, Map<TopicPartition, Long> offsets) {}

    /** Where a consumer of this process stands, and which member of the group it is. */
    private record Told(String cut, String member, Map<TopicPartition, Long> positions) {}

    private final Generation generation;
    private final String build;
    private final Supplier<CompletableFuture<Void>> refresh;
    private final Consumer<Acknowledgement> say;
    private final Throttle throttle;
    private final LongSupplier nanos;
    private final Set<CutLine> lines = ConcurrentHashMap.newKeySet();
    private final Map<CutLine, Told> told = new HashMap<>();
    private final Set<String> transactionalIds = ConcurrentHashMap.newKeySet();
    private @Nullable Acknowledgement lastSent;
    private volatile Standing standing = new Standing(Optional.empty(), false, null, 0);

    /**
     * @param build of this process
     * @param refresh completes once everything is known that was decided before it was asked
     * @param say takes what is to be acknowledged
     * @param throttle bounds a candidate
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    public CutGate(
            Generation generation,
            String build,
            Supplier<CompletableFuture<Void>> refresh,
            Consumer<Acknowledgement> say,
            Throttle throttle,
            LongSupplier nanos) {
        this.generation = generation;
        this.build = build;
        this.refresh = refresh;
        this.say = say;
        this.throttle = throttle;
        this.nanos = nanos;
    }

    @Override
    public void changed(ProductLifecycle lifecycle) {
        Cut order = lifecycle.cut();
        Cut mine = order != null && order.concerns(generation.number()) ? order : null;
        Standing before = standing;
        boolean same = mine != null && before.cut != null && mine.id().equals(before.cut.id());
        Optional<GenerationRecord> record = lifecycle.generation(generation.number());
        standing = new Standing(
                record.map(GenerationRecord::role),
                record.filter(one -> one.build().equals(build)).isPresent(),
                mine,
                same ? before.since : nanos.getAsLong());
    }

    /** Empty until the first control record was read. */
    public Optional<Role> role() {
        return standing.role;
    }

    /** Whether this process may let records in: it is known what is decided, and this build is the one that computes the generation. */
    public boolean isOpen() {
        return standing.own;
    }

    /** Records came in. */
    void passed(long records) {
        throttle.passed(records);
    }

    /** Whether a candidate is to leave the brokers to others for a moment. */
    boolean isThrottled() {
        return throttle.isTooEarly() && standing.role.equals(Optional.of(Role.CANDIDATE));
    }

    @Override
    public String of(String topic) {
        Role role = standing.role.orElseThrow(
                () -> new IllegalStateException(generation + ": a record came out before its role was known"));
        return role == Role.SERVING ? topic : generation.shadowOf(topic);
    }

    /** The order to pause that holds now; null = none, or its lease is over. */
    @Nullable
    public Order order() {
        Standing now = standing;
        Cut cut = now.cut;
        if (cut == null || (cut.afterwards() == Afterwards.GO_ON && isOver(now, cut))) {
            return null;
        }
        return new Order(cut.id(), cut.offsetsFor(generation.number()));
    }

    /** The cut from whose giver nothing was heard for so long that somebody has to take over; null = none. */
    @Nullable
    public Cut abandoned() {
        Standing now = standing;
        Cut cut = now.cut;
        return cut != null && cut.afterwards() == Afterwards.TAKE_OVER && isOver(now, cut) ? cut : null;
    }

    private boolean isOver(Standing now, Cut cut) {
        return nanos.getAsLong() - now.since > TimeUnit.MILLISECONDS.toNanos(cut.leaseMillis());
    }

    CompletableFuture<Void> refresh() {
        return refresh.get();
    }

    /** A producer of this process writes under a transactional id. */
    void writes(String transactionalId) {
        transactionalIds.add(transactionalId);
    }

    /** A consumer of this process will ask from now on. */
    void opened(CutLine line) {
        lines.add(line);
    }

    /** It asks no more. */
    void closed(CutLine line) {
        lines.remove(line);
        synchronized (told) {
            told.remove(line);
        }
    }

    /** Whether no consumer of this process asks any more. */
    public boolean isQuiet() {
        return lines.isEmpty();
    }

    /** A consumer has paused at the cut. Once all consumers of this process have, it sends the acknowledgement. */
    void stands(CutLine line, String process, String member, String cut, Map<TopicPartition, Long> positions) {
        Acknowledgement word;
        synchronized (told) {
            told.put(line, new Told(cut, member, Map.copyOf(positions)));
            Map<TopicPartition, Long> all = new HashMap<>();
            Set<String> members = new HashSet<>();
            for (CutLine one : lines) {
                Told stand = told.get(one);
                if (stand == null || !stand.cut.equals(cut)) {
                    return;
                }
                stand.positions.forEach((partition, offset) -> all.merge(partition, offset, Math::max));
                members.add(stand.member);
            }
            word = Acknowledgement.of(generation, process, cut, all, members, transactionalIds);
            if (word.equals(lastSent)) {
                return;
            }
            lastSent = word;
        }
        say.accept(word);
    }
}
