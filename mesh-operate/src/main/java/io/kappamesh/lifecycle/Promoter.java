package io.kappamesh.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.brokers.ShadowTopics;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.compare.Corrections;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.compare.Horizons;
import io.kappamesh.compare.PairComparison;
import io.kappamesh.compare.PortReport;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.PortAddress;
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
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.ProductRecords;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.LatestRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Exchanges the roles of two generations. One thread.
 *
 * <ol>
 *   <li>A first cut, at which everything is compared while both go on; the shadow that the serving generation will write is filled from
 *       the public topic.
 *   <li>Rounds over what came in the meantime, while both go on, each shorter than the one before, until little comes within one: so the
 *       pause that follows depends on the rate and on what differs, and not on the size.
 *   <li>A second cut: both are paused, and what could still write without knowing is fenced.
 *   <li>Only what changed since is compared. Corrections, the rest of the shadow, and the exchange of roles, which lets both go
 *       on, are one transaction: everybody sees all of it or nothing.
 * </ol>
 *
 * Whatever ends it before that transaction is committed leaves the serving generation serving; taken up again, it begins anew.
 */
final class Promoter {
    private static final int COPIED_AT_ONCE = 10_000;
    /** Keys that are compared at once. */
    private static final int FEW = 1_000;

    /** Time enough for some millions of corrections. Whoever is paused longer than that takes over. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    /** Older comparisons do not say enough about now. */
    static final Duration FRESH = Duration.ofHours(24);

    private final Admin admin;
    private final Settings settings;
    private final SchemaRegistry registry;
    private final Verifier verifier;
    private final Duration limit;
    private final Clock clock = Clock.systemUTC();
    private final ObjectMapper json = new ObjectMapper();

    Promoter(Admin admin, Settings settings, SchemaRegistry registry, Duration limit) {
        this.admin = admin;
        this.settings = settings;
        this.registry = registry;
        this.verifier = new Verifier(admin, settings, registry, limit);
        this.limit = limit;
    }

    /**
     * Promotes the candidate of a pair.
     *
     * @param force whether to do so without a comparison that agrees
     */
    Promotion promote(ControlWriter writer, GenerationPair pair, boolean force, Progress progress)
            throws ExecutionException, InterruptedException {
        List<String> expectations = force ? List.of() : expectationsOf(pair);
        verifier.requireCaughtUp(pair.candidateGeneration(), pair.candidate().inputs());
        requireUnowned(pair);
        List<String> shadowed = new ArrayList<>(pair.serving().outputs());
        shadowed.add(pair.product().deadLetterTopic());
        ShadowTopics.ensure(admin, pair.servingGeneration(), shadowed);
        List<String> written = new ArrayList<>(pair.candidate().outputs());
        written.addAll(pair.formerShadows());
        WriteAccess.require(admin, written);
        try (LatestRecords records = LatestRecords.open(verifier.scratch(), settings.client());
                CutCoordinator coordinator = new CutCoordinator(
                        pair.servingGeneration(), admin, settings.client(), writer, limit, progress)) {
            PairComparison comparison = new PairComparison(
                    pair, records, registry, Verifier.parsed(expectations), Horizons.of(admin, pair), progress);
            Verifier.readAtACut(coordinator, pair, optional(pair, force), comparison, progress);
            comparison.readLater();
            List<PortReport> reports = comparison.compare(KeyScope.ALL);
            requireAgreement(pair, reports, force);
            Map<String, Long> beyondHorizon = reports.stream()
                    .filter(port -> port.beyondHorizon() > 0)
                    .collect(Collectors.toMap(PortReport::topic, PortReport::beyondHorizon));
            fill(pair, records, writer, progress);
            records.settle();
            catchUp(pair, records, comparison, writer, progress);
            Exchanged done = exchange(writer, pair, force, progress, records, coordinator, comparison);
            return new Promotion(
                    pair.product().toString(),
                    pair.serving().number(),
                    pair.candidate().number(),
                    done.corrections(),
                    beyondHorizon,
                    pair.removedTopics(),
                    done.quiet(),
                    done.compared());
        }
    }

    /**
     * What was exchanged.
     *
     * @param corrections how many, by topic
     * @param quiet for how long nothing else was published
     * @param compared keys, meanwhile
     */
    private record Exchanged(Map<String, Long> corrections, Duration quiet, long compared) {}

    private Exchanged exchange(
            ControlWriter writer,
            GenerationPair pair,
            boolean force,
            Progress progress,
            LatestRecords records,
            CutCoordinator coordinator,
            PairComparison comparison)
            throws ExecutionException, InterruptedException {
        long began = System.nanoTime();
        Held held = coordinator.hold(
                List.of(pair.serving(), pair.candidate()), optional(pair, force), LEASE, Afterwards.TAKE_OVER);
        Map<String, Long> corrections = new HashMap<>();
        AtomicBoolean committing = new AtomicBoolean();
        long compared = 0;
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
            readOn(pair.formerShadows(), records, progress);
            List<PortReport> reports = comparison.compare(KeyScope.TOUCHED);
            compared = reports.stream().mapToLong(PortReport::keys).sum();
            requireAgreement(pair, reports, force);
            progress.step("commit corrections and roles");
            writer.decide(
                    now -> now.promoted(
                            pair.serving().number(), pair.candidate().number()),
                    sink -> {
                        copy(pair, records, KeyScope.TOUCHED, sink);
                        comparison.compare(KeyScope.TOUCHED, port -> difference -> {
                            sink.accept(Corrections.of(difference, port, pair.candidateGeneration()));
                            corrections.merge(port.topic(), 1L, Long::sum);
                        });
                        committing.set(true);
                    });
        } catch (TakenOverException replaced) {
            throw replaced; // whoever took over decides who goes on
        } catch (RuntimeException | ExecutionException | InterruptedException failed) {
            if (!committing.get()) {
                release(pair, held, failed);
                throw failed;
            }
            if (!wasCommitted(pair, failed)) {
                throw failed;
            }
        }
        Duration quiet = Duration.ofNanos(System.nanoTime() - began);
        progress.step("promoted");
        return new Exchanged(corrections, quiet, compared);
    }

    /**
     * Whether the exchange was committed although its commit failed. Brokers answer whoever takes the decisions anew only once a commit
     * that is under way is over, or what was never to be committed is undone; after that nobody is held any more.
     */
    private boolean wasCommitted(GenerationPair pair, Exception failed) {
        try (ControlWriter anew = ControlWriter.take(pair.product(), settings.client())) {
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
    private void release(GenerationPair pair, Held held, Exception failed) {
        try {
            held.release();
        } catch (TakenOverException replaced) {
            failed.addSuppressed(replaced);
        } catch (RuntimeException alsoFailed) {
            failed.addSuppressed(alsoFailed);
            wasCommitted(pair, failed);
        }
    }

    /** A port that a generation gave up may be another product's by now. */
    private void requireUnowned(GenerationPair pair) throws ExecutionException, InterruptedException {
        for (ProductLifecycle other : new ProductRecords(admin, settings).all()) {
            Set<String> taken =
                    new TreeSet<>(other.serving().map(GenerationRecord::outputs).orElse(List.of()));
            taken.retainAll(pair.candidate().outputs());
            if (!other.name().equals(pair.product()) && !taken.isEmpty()) {
                throw new LifecycleException(
                        ExitCode.CONTRACT,
                        pair + ": product " + other.product() + " publishes " + taken
                                + " by now, and a port has one owner; promote a build of it without, first");
            }
        }
    }

    /** The serving generation may be dead. Then the two are not at one vector and differ, so that only force replaces it. */
    private static List<GenerationRecord> optional(GenerationPair pair, boolean force) {
        return force ? List.of(pair.serving()) : List.of();
    }

    /** At leisure: what is written meanwhile is copied with the exchange. */
    private void fill(GenerationPair pair, LatestRecords records, ControlWriter writer, Progress progress)
            throws ExecutionException, InterruptedException {
        readOn(pair.removedTopics(), records, progress);
        readOn(pair.formerShadows(), records, progress);
        progress.step("fill " + pair.formerShadows());
        fillFormerShadows(pair, records, KeyScope.ALL, writer);
        readOn(pair.formerShadows(), records, progress);
    }

    private static void fillFormerShadows(
            GenerationPair pair, LatestRecords records, KeyScope scope, ControlWriter writer) {
        List<ProducerRecord<byte[], byte[]>> some = new ArrayList<>();
        copy(pair, records, scope, record -> {
            some.add(record);
            if (some.size() >= COPIED_AT_ONCE) {
                write(writer, some);
            }
        });
        write(writer, some);
    }

    /**
     * At leisure: what came while everything was compared and filled, and then what came meanwhile, until a round has few keys, or no longer less
     * than half of those of the round before. The two are at no cut here. A key that is equal now is equal at the cut if
     * nothing of it is read any more, and one that differs is compared again in the next round.
     */
    private void catchUp(
            GenerationPair pair,
            LatestRecords records,
            PairComparison comparison,
            ControlWriter writer,
            Progress progress)
            throws ExecutionException, InterruptedException {
        long before = Long.MAX_VALUE;
        long keys = Long.MAX_VALUE;
        do {
            progress.step("catch up");
            Verifier.catchUp(admin, pair, comparison);
            readOn(pair.removedTopics(), records, progress);
            before = keys;
            keys = comparison.compareTouched();
            fillFormerShadows(pair, records, KeyScope.TOUCHED, writer);
            readOn(pair.formerShadows(), records, progress);
            records.settle();
        } while (keys > FEW && keys <= before / 2);
    }

    private static void write(ControlWriter writer, List<ProducerRecord<byte[], byte[]>> some) {
        if (!some.isEmpty()) {
            writer.write(sink -> some.forEach(sink));
            some.clear();
        }
    }

    private static void copy(
            GenerationPair pair, LatestRecords records, KeyScope scope, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        for (PortAddress port : pair.servedPorts()) {
            records.forEachPair(
                    port.topic(), pair.formerShadow(port), scope, Corrections.copy(pair.formerShadow(port), sink));
        }
    }

    /** Reads what is committed by now. */
    private void readOn(List<String> topics, LatestRecords records, Progress progress)
            throws ExecutionException, InterruptedException {
        for (String topic : topics) {
            Map<Integer, Long> ends = new HashMap<>();
            for (Map.Entry<TopicPartition, Long> end :
                    TopicEnds.committed(admin, List.of(topic)).entrySet()) {
                ends.put(end.getKey().partition(), end.getValue());
            }
            records.read(topic, ends, progress::progress);
        }
    }

    private static void requireAgreement(GenerationPair pair, List<PortReport> reports, boolean force) {
        long unexpected = reports.stream().mapToLong(PortReport::unexpected).sum();
        if (unexpected > 0 && !force) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    pair + ": " + unexpected + " differences that the last verification did not declare; run `verify "
                            + pair.product() + "`, and declare them with --expect, or promote with --force");
        }
    }

    /** The differences that were declared when the two were compared. */
    private List<String> expectationsOf(GenerationPair pair) {
        JsonNode kept = pair.candidate().findings().verification();
        Verification last = kept == null ? null : read(kept);
        if (last == null
                || last.serving() != pair.serving().number()
                || Instant.parse(last.at()).plus(FRESH).isBefore(clock.instant())) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    pair + ": the two were not compared within " + FRESH.toHours() + " hours; run `verify "
                            + pair.product() + "`, or promote with --force");
        }
        if (!last.agrees()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    pair + ": they differed when they were compared; run `verify " + pair.product()
                            + "`, and declare with --expect what is meant to differ, or promote with --force");
        }
        return last.expectations();
    }

    private Verification read(JsonNode kept) {
        try {
            return json.treeToValue(kept, Verification.class);
        } catch (JsonProcessingException older) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION, "the last verification was made by another version; verify again", older);
        }
    }
}
