package io.kappamesh.exchange;

import io.kappamesh.Internal;
import io.kappamesh.compare.Corrections;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.compare.PairComparison;
import io.kappamesh.compare.PortReport;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.control.TakenOverException;
import io.kappamesh.cut.CutCoordinator;
import io.kappamesh.cut.CutCoordinator.Held;
import io.kappamesh.cut.Progress;
import io.kappamesh.cut.QuiescedGeneration;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Cut.Afterwards;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.Role;
import io.kappamesh.generation.SyncPoint;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.LatestRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Exchanges the roles of two generations: compares, corrects, and writes the one transaction. One thread, once. */
@Internal
public final class Exchange {
    /** Keys that are compared at once. */
    private static final int FEW = 1_000;

    /** Keys for which a topic is read from its beginning while nobody waits: as many may be on their way, and those come by themselves. */
    private static final int MANY = 10_000;

    /** Time enough for some millions of corrections. Whoever is paused longer than that takes over. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final GenerationPair pair;
    private final boolean force;
    private final Admin admin;
    private final Map<String, Object> client;
    private final ControlWriter writer;
    private final LatestRecords records;
    private final CutCoordinator coordinator;
    private final PairComparison comparison;
    private final FormerShadows former;
    private final SyncPoints.Topics topics;
    private final Progress progress;
    private final Clock clock = Clock.systemUTC();
    private Map<String, Long> beyondHorizon = Map.of();
    private Map<String, Long> lacking = Map.of();
    private Duration quiet = Duration.ZERO;
    private long compared;

    /**
     * An exchange that is still to be made.
     *
     * @param force whether to make it whatever differs
     * @param client how brokers are reached
     * @param topics of the pair
     */
    public Exchange(
            GenerationPair pair,
            boolean force,
            Admin admin,
            Map<String, Object> client,
            ControlWriter writer,
            LatestRecords records,
            CutCoordinator coordinator,
            PairComparison comparison,
            SyncPoints.Topics topics,
            Progress progress) {
        this.pair = pair;
        this.force = force;
        this.admin = admin;
        this.client = client;
        this.writer = writer;
        this.records = records;
        this.coordinator = coordinator;
        this.comparison = comparison;
        this.former = new FormerShadows(admin, pair, records, writer, progress);
        this.topics = topics;
        this.progress = progress;
    }

    /** Compares everything at a first cut, and fills the shadow that the serving generation will write. */
    public Exchanged fromTheBeginning() throws ExecutionException, InterruptedException {
        PairReader.readAtACut(coordinator, pair, optional(), comparison, progress);
        comparison.readLater();
        List<PortReport> reports = comparison.compare(KeyScope.ALL);
        requireAgreement(reports);
        beyondHorizon = beyondHorizon(reports);
        former.fill();
        records.settle();
        former.mark();
        return exchanged(Optional.empty());
    }

    /** Begins where both are known to have agreed. */
    public Exchanged since(SyncPoints.Found sync) throws ExecutionException, InterruptedException {
        sync.begin(records);
        former.resume();
        readBefore(pair.addedTopics()); // of what its shadows were told since, the other one could tell nothing
        catchUpOnce();
        former.mark();
        return exchanged(Optional.of(sync));
    }

    private Exchanged exchanged(Optional<SyncPoints.Found> sync) throws ExecutionException, InterruptedException {
        Optional<Map<String, Long>> corrections = Optional.empty();
        while (corrections.isEmpty()) {
            catchUp();
            corrections = attempt();
            readBefore(records.lacking().keySet());
        }
        return new Exchanged(corrections.get(), beyondHorizon, sync.map(SyncPoints.Found::at), quiet, compared);
    }

    /**
     * At leisure: what came while everything was compared and filled, and then what came meanwhile, until a round has few keys, or no longer less
     * than half of those of the round before. The two are at no cut here. A key that is equal now is equal at the cut if
     * nothing of it is read any more, and one that differs is compared again in the next round.
     */
    private void catchUp() throws ExecutionException, InterruptedException {
        long before = Long.MAX_VALUE;
        long keys = Long.MAX_VALUE;
        do {
            before = keys;
            keys = catchUpOnce();
        } while (keys > FEW && keys <= before / 2);
        List<String> incomplete = lacking.entrySet().stream()
                .filter(topic -> topic.getValue() > MANY)
                .map(Map.Entry::getKey)
                .toList();
        if (!incomplete.isEmpty()) {
            readBefore(incomplete);
            catchUp();
        }
    }

    /** Of topics that are not read from their beginning: those records that the other one's keys need. */
    private void readBefore(Collection<String> some) {
        for (String topic : some) {
            progress.step("read " + topic + " from its beginning, for keys that only one of both was told since");
            records.readBefore(topic, progress::progress);
        }
    }

    /** Returns how many keys it compared. */
    private long catchUpOnce() throws ExecutionException, InterruptedException {
        progress.step("catch up");
        PairReader.catchUp(admin, pair, comparison);
        long keys = comparison.compareTouched();
        former.copyTouched();
        lacking = records.lacking();
        records.settle();
        return keys;
    }

    /** Exchanges the two at a second cut; returns how many corrections that took, by topic. Empty = nothing was changed, because something has to be read first that {@link LatestRecords#lacking} names. */
    private Optional<Map<String, Long>> attempt() throws ExecutionException, InterruptedException {
        long began = System.nanoTime();
        Held held =
                coordinator.hold(List.of(pair.serving(), pair.candidate()), optional(), LEASE, Afterwards.TAKE_OVER);
        Map<String, Long> corrections = new HashMap<>();
        AtomicBoolean committing = new AtomicBoolean();
        try {
            progress.step("fence what does not know");
            held.fenceOthers(pair.serving());
            held.fenceOthers(pair.candidate());
            progress.step("rest at the vector");
            QuiescedGeneration serving = held.quiesced(pair.serving(), pair.publicTopics());
            QuiescedGeneration candidate = held.quiesced(pair.candidate(), pair.shadows());
            comparison.read(serving, candidate);
            for (String removed : pair.removedTopics()) {
                records.read(removed, serving.endsOf(removed), progress::progress);
            }
            former.readOn();
            List<PortReport> reports = comparison.compare(KeyScope.TOUCHED);
            compared += reports.stream().mapToLong(PortReport::keys).sum();
            if (!records.lacking().isEmpty()) {
                writer.decide(now -> now.cut(null));
                quiet = quiet.plusNanos(System.nanoTime() - began);
                return Optional.empty();
            }
            requireAgreement(reports);
            Instant now = clock.instant();
            SyncPoint formerSync = topics.syncedAt(
                    now, SyncPoints.both(pair.serving().outputs(), pair.formerShadows()), former.marks());
            SyncPoint sync = beyondHorizon.isEmpty() && beyondHorizon(reports).isEmpty()
                    ? topics.syncedAt(
                            now,
                            SyncPoints.both(pair.candidate().outputs(), pair.shadows()),
                            joined(serving.ends(), candidate.ends()))
                    : null;
            progress.step("commit corrections and roles");
            int from = pair.serving().number();
            int to = pair.candidate().number();
            writer.decide(
                    before -> before.promoted(from, to)
                            .change(from, one -> one.synced(formerSync))
                            .change(to, one -> one.synced(sync)),
                    sink -> {
                        former.copyTouched(sink);
                        comparison.compare(KeyScope.TOUCHED, port -> difference -> {
                            former.copyAbsence(port, difference, sink);
                            sink.accept(Corrections.of(difference, port, pair.candidateGeneration()));
                            corrections.merge(port.topic(), 1L, Long::sum);
                        });
                        committing.set(true);
                    });
        } catch (TakenOverException replaced) {
            throw replaced; // whoever took over decides who goes on
        } catch (RuntimeException | ExecutionException | InterruptedException failed) {
            if (!committing.get()) {
                release(held, failed);
                throw failed;
            }
            if (!wasCommitted(failed)) {
                throw failed;
            }
        }
        quiet = quiet.plusNanos(System.nanoTime() - began);
        progress.step("promoted");
        return Optional.of(corrections);
    }

    /**
     * Whether the exchange was committed although its commit failed. Brokers answer whoever takes the decisions anew only once a commit
     * that is under way is over, or what was never to be committed is undone; after that nobody is held any more.
     */
    private boolean wasCommitted(Exception failed) {
        try (ControlWriter anew = ControlWriter.take(pair.product(), client)) {
            return anew.current().role(pair.candidate().number()).equals(Optional.of(Role.SERVING));
        } catch (RuntimeException unknown) {
            failed.addSuppressed(unknown);
            throw new LifecycleException(
                    ExitCode.PLATFORM,
                    pair + ": the commit of the exchange failed (" + failed.getMessage()
                            + "), and the brokers do not say whether it was done. Both are paused until they do: run the same again,"
                            + " or wait " + LEASE.toMinutes() + " minutes, after which their processes ask",
                    failed);
        }
    }

    /** Also when the one who holds them cannot write any more. */
    private void release(Held held, Exception failed) {
        try {
            held.release();
        } catch (TakenOverException replaced) {
            failed.addSuppressed(replaced);
        } catch (RuntimeException alsoFailed) {
            failed.addSuppressed(alsoFailed);
            wasCommitted(failed);
        }
    }

    /** The serving generation may be dead. Then the two are not at one vector and differ, so that only force replaces it. */
    private List<GenerationRecord> optional() {
        return force ? List.of(pair.serving()) : List.of();
    }

    private void requireAgreement(List<PortReport> reports) {
        long unexpected = reports.stream().mapToLong(PortReport::unexpected).sum();
        if (unexpected > 0 && !force) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    pair + ": " + unexpected + " differences that the last verification did not declare; run `verify "
                            + pair.product() + "`, and declare them with --expect, or promote with --force");
        }
    }

    private static Map<String, Long> beyondHorizon(List<PortReport> reports) {
        return reports.stream()
                .filter(port -> port.beyondHorizon() > 0)
                .collect(Collectors.toMap(PortReport::topic, PortReport::beyondHorizon));
    }

    private static Map<TopicPartition, Long> joined(Map<TopicPartition, Long> some, Map<TopicPartition, Long> others) {
        Map<TopicPartition, Long> joined = new HashMap<>(some);
        joined.putAll(others);
        return joined;
    }
}
