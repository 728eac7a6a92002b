package io.kappamesh.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.brokers.ShadowTopics;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.compare.Horizons;
import io.kappamesh.compare.PairComparison;
import io.kappamesh.compare.Verification;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.CutCoordinator;
import io.kappamesh.cut.Progress;
import io.kappamesh.exchange.Exchange;
import io.kappamesh.exchange.Exchanged;
import io.kappamesh.exchange.SyncPoints;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.ProductRecords;
import io.kappamesh.tables.LatestRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

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
 * The way back, to a generation that served before, leaves the first cut out where it can: what the two have told since the exchange between them
 * is all that may differ ({@link SyncPoints}).
 *
 * <p>Whatever ends it before that transaction is committed leaves the serving generation serving; taken up again, it begins anew.
 */
final class Promoter {
    /** Older comparisons do not say enough about now. */
    static final Duration FRESH = Duration.ofHours(24);

    private final Admin admin;
    private final Settings settings;
    private final SchemaRegistry registry;
    private final Verifier verifier;
    private final Duration limit;
    private final Clock clock = Clock.systemUTC();
    private final SyncPoints syncPoints;
    private final ObjectMapper json = new ObjectMapper();

    Promoter(Admin admin, Settings settings, SchemaRegistry registry, Duration limit) {
        this.admin = admin;
        this.settings = settings;
        this.registry = registry;
        this.verifier = new Verifier(admin, settings, registry, limit);
        this.limit = limit;
        this.syncPoints = new SyncPoints(admin, clock);
    }

    /**
     * Promotes the candidate of a pair.
     *
     * @param force whether to do so without a comparison that agrees
     */
    Promotion promote(ControlWriter writer, GenerationPair pair, boolean force, Progress progress)
            throws ExecutionException, InterruptedException {
        return run(writer, pair, force, false, progress);
    }

    /** Promotes the candidate of a pair that served before, whatever differs. */
    Promotion back(ControlWriter writer, GenerationPair pair, Progress progress)
            throws ExecutionException, InterruptedException {
        return run(writer, pair, true, true, progress);
    }

    private Promotion run(ControlWriter writer, GenerationPair pair, boolean force, boolean back, Progress progress)
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
            SyncPoints.Topics topics = syncPoints.look(pair);
            Exchange exchange = new Exchange(
                    pair, force, admin, settings.client(), writer, records, coordinator, comparison, topics, progress);
            Exchanged done = back ? back(pair, topics, exchange, progress) : exchange.fromTheBeginning();
            return new Promotion(
                    pair.product().toString(),
                    pair.serving().number(),
                    pair.candidate().number(),
                    done.corrections(),
                    done.beyondHorizon(),
                    pair.removedTopics(),
                    done.readSince(),
                    done.quiet(),
                    done.compared());
        }
    }

    private Exchanged back(GenerationPair pair, SyncPoints.Topics topics, Exchange exchange, Progress progress)
            throws ExecutionException, InterruptedException {
        SyncPoints.Found sync = syncPoints.find(pair, topics);
        if (sync.refusal().isEmpty()) {
            progress.step("read what came since " + sync.at() + ", when both agreed");
            return exchange.since(sync);
        }
        progress.step("read everything, because " + sync.refusal().get());
        return exchange.fromTheBeginning();
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
