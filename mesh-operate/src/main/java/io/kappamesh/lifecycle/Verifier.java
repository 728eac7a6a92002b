package io.kappamesh.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.brokers.GroupMembers;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.compare.Expectation;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.compare.Horizons;
import io.kappamesh.compare.PairComparison;
import io.kappamesh.compare.PortReport;
import io.kappamesh.compare.Verification;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.CutCoordinator;
import io.kappamesh.cut.CutCoordinator.Held;
import io.kappamesh.cut.GenerationGroups;
import io.kappamesh.cut.Progress;
import io.kappamesh.cut.QuiescedGeneration;
import io.kappamesh.exchange.PairReader;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Cut.Afterwards;
import io.kappamesh.generation.Generation;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.LatestRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Compares a candidate with the serving generation, both at one cut. The serving generation is paused only until it has committed. One thread. */
final class Verifier {
    private final Admin admin;
    private final Settings settings;
    private final SchemaRegistry registry;
    private final Duration limit;
    private final Clock clock = Clock.systemUTC();
    private final ObjectMapper json = new ObjectMapper();

    Verifier(Admin admin, Settings settings, SchemaRegistry registry, Duration limit) {
        this.admin = admin;
        this.settings = settings;
        this.registry = registry;
        this.limit = limit;
    }

    /** Compares, and keeps the report with the candidate. */
    Verification verify(ControlWriter writer, GenerationPair pair, List<String> expectations, Progress progress)
            throws ExecutionException, InterruptedException {
        requireCaughtUp(pair.candidateGeneration(), pair.candidate().inputs());
        requireRunning(pair.servingGeneration());
        try (LatestRecords records = LatestRecords.open(scratch(), settings.client());
                CutCoordinator coordinator = new CutCoordinator(
                        pair.servingGeneration(), admin, settings.client(), writer, limit, progress)) {
            PairComparison comparison = new PairComparison(
                    pair, records, registry, parsed(expectations), Horizons.of(admin, pair), progress);
            long pause = PairReader.readAtACut(coordinator, pair, List.of(), comparison, progress);
            comparison.readLater();
            List<PortReport> reports = comparison.compare(KeyScope.ALL);
            if (reports.stream().anyMatch(port -> port.overtaken() > 0)) {
                pause = Math.max(pause, readWhileBothStand(coordinator, pair, comparison, progress));
                reports = comparison.compare(KeyScope.ALL);
            }
            Verification found = new Verification(
                    pair.product().toString(),
                    pair.serving().number(),
                    pair.candidate().number(),
                    clock.instant().toString(),
                    expectations,
                    pause,
                    reports);
            writer.decide(now -> now.change(
                    pair.candidate().number(), one -> one.verified(json.valueToTree(found.withoutValues()))));
            return found;
        }
    }

    /**
     * Reads what came since, at another cut, before anybody goes on: nothing is written behind such a cut, so that compaction takes
     * nothing away that belongs to it, and what it took away before has come again.
     */
    private long readWhileBothStand(
            CutCoordinator coordinator, GenerationPair pair, PairComparison comparison, Progress progress)
            throws ExecutionException, InterruptedException {
        progress.step("look again at what was written while it was read");
        PairReader.catchUp(admin, pair, comparison);
        long began = System.nanoTime();
        Held held = coordinator.hold(
                List.of(pair.serving(), pair.candidate()), List.of(), PairReader.LEASE, Afterwards.GO_ON);
        try {
            QuiescedGeneration serving = held.quiesced(pair.serving(), pair.publicTopics());
            QuiescedGeneration candidate = held.quiesced(pair.candidate(), pair.shadows());
            comparison.read(serving, candidate);
            held.requireStanding(pair.serving(), serving);
            held.requireStanding(pair.candidate(), candidate);
        } finally {
            held.release();
        }
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    static List<Expectation> parsed(List<String> expectations) {
        try {
            return expectations.stream().map(Expectation::parse).toList();
        } catch (IllegalArgumentException malformed) {
            throw new LifecycleException(ExitCode.CONFIGURATION, String.valueOf(malformed.getMessage()), malformed);
        }
    }

    /** Beside the state where there is some, which is on a disk that holds it; else where temporary files go. */
    Path scratch() {
        Path state = settings.stateDir();
        return Files.isDirectory(state)
                ? state.resolve("comparisons")
                : Path.of(System.getProperty("java.io.tmpdir"), "kappa-mesh-comparisons");
    }

    /** A candidate that is still far behind would hold up the serving generation until it has come as far. */
    void requireCaughtUp(Generation candidate, List<String> inputs) throws ExecutionException, InterruptedException {
        requireRunning(candidate);
        Map<TopicPartition, Long> committed = new GenerationGroups(admin).committed(candidate);
        long behind = 0;
        for (Map.Entry<TopicPartition, Long> end :
                TopicEnds.committed(admin, inputs).entrySet()) {
            behind += Math.max(0, end.getValue() - committed.getOrDefault(end.getKey(), 0L));
        }
        if (behind > settings.replayLagRecords()) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    candidate + ": is " + behind + " records behind its inputs; wait until `status "
                            + candidate.product() + "` says that it has caught up");
        }
    }

    void requireRunning(Generation generation) throws ExecutionException, InterruptedException {
        if (GroupMembers.of(admin, generation).isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    generation + ": no process runs it; start one with its build, and try again");
        }
    }
}
