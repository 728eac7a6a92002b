package io.kappamesh.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.avro.SchemaRegistry;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.control.Cut.Afterwards;
import io.kappamesh.control.GenerationRecord;
import io.kappamesh.control.ShadowTopics;
import io.kappamesh.control.TopicEnds;
import io.kappamesh.replay.Cutting.Held;
import io.kappamesh.runtime.ExitCode;
import io.kappamesh.runtime.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Exchanges the roles of two generations. One thread.
 *
 * <ol>
 *   <li>A first cut, at which everything is compared while both go on; the shadow that the serving generation will write is filled from
 *       the public topic, and what came in the meantime is read.
 *   <li>A second cut: both stand still, and what could still write without knowing is fenced.
 *   <li>Only what changed between the cuts is compared. Corrections, the rest of the shadow, and the exchange of roles, which lets both go
 *       on, are one transaction: everybody sees all of it or nothing.
 * </ol>
 *
 * Whatever ends it before that transaction is committed leaves the serving generation serving; taken up again, it begins anew.
 */
final class Promoting {
    private static final int COPIED_AT_ONCE = 10_000;
    /** Time enough for some millions of corrections. Whoever stands still longer than that takes over. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    /** Older comparisons do not say enough about now. */
    static final Duration FRESH = Duration.ofHours(24);

    private final Admin admin;
    private final Settings settings;
    private final SchemaRegistry registry;
    private final Verifying verifying;
    private final Duration limit;
    private final Clock clock = Clock.systemUTC();
    private final ObjectMapper json = new ObjectMapper();

    Promoting(Admin admin, Settings settings, SchemaRegistry registry, Duration limit) {
        this.admin = admin;
        this.settings = settings;
        this.registry = registry;
        this.verifying = new Verifying(admin, settings, registry, limit);
        this.limit = limit;
    }

    /**
     * Promotes the candidate of a pair.
     *
     * @param force whether to do so without a comparison that agrees
     */
    Promotion promote(ControlWriter writer, Pair pair, boolean force, Progress progress)
            throws ExecutionException, InterruptedException {
        List<String> expectations = force ? List.of() : expectationsOf(pair);
        verifying.requireCaughtUp(pair.candidateGeneration(), pair.candidate().inputs());
        List<String> shadowed = new ArrayList<>(pair.serving().outputs());
        shadowed.add(pair.product().deadLetterTopic());
        ShadowTopics.ensure(admin, pair.servingGeneration(), shadowed);
        try (LatestRecords records = LatestRecords.open(verifying.scratch(), settings.client());
                Cutting cutting =
                        new Cutting(pair.servingGeneration(), admin, settings.client(), writer, limit, progress)) {
            Comparing comparing = new Comparing(pair, records, registry, Verifying.parsed(expectations), progress);
            Verifying.readAtACut(cutting, pair, optional(pair, force), comparing, progress);
            comparing.readLater();
            requireAgreement(pair, comparing.compare(Scope.ALL, port -> DifferenceVisitor.NONE), force);
            fill(pair, records, writer, progress);
            records.settle();
            catchUp(pair, records, progress);
            return exchange(writer, pair, force, progress, records, cutting, comparing);
        }
    }

    private Promotion exchange(
            ControlWriter writer,
            Pair pair,
            boolean force,
            Progress progress,
            LatestRecords records,
            Cutting cutting,
            Comparing comparing)
            throws ExecutionException, InterruptedException {
        long began = System.nanoTime();
        Held held = cutting.hold(
                List.of(pair.serving(), pair.candidate()), optional(pair, force), LEASE, Afterwards.TAKE_OVER);
        AtomicBoolean committing = new AtomicBoolean();
        try {
            progress.step("fence what does not know");
            Groups groups = new Groups(admin);
            groups.fenceOthers(pair.servingGeneration());
            groups.fenceOthers(pair.candidateGeneration());
            progress.step("rest at the vector");
            Standstill serving = held.rest(pair.serving(), pair.publicTopics());
            Standstill candidate = held.rest(pair.candidate(), pair.shadows());
            comparing.read(serving, candidate);
            readOn(pair.formerShadows(), records, progress);
            requireAgreement(pair, comparing.compare(Scope.TOUCHED, port -> DifferenceVisitor.NONE), force);
            Map<String, Long> corrections = new HashMap<>();
            progress.step("commit corrections and roles");
            writer.decide(
                    now -> now.promoted(
                            pair.serving().number(), pair.candidate().number()),
                    sink -> {
                        copy(pair, records, sink);
                        comparing.compare(Scope.TOUCHED, port -> difference -> {
                            sink.accept(Corrections.of(difference, port, pair.candidateGeneration()));
                            corrections.merge(port.topic(), 1L, Long::sum);
                        });
                        committing.set(true);
                    });
            Duration quiet = Duration.ofNanos(System.nanoTime() - began);
            progress.step("promoted");
            return new Promotion(
                    pair.product().toString(),
                    pair.serving().number(),
                    pair.candidate().number(),
                    corrections,
                    quiet);
        } finally {
            // Once the exchange has begun to be committed, nobody but the brokers knows whether it was.
            if (!committing.get()) {
                held.release();
            }
        }
    }

    /** What serves may be dead. Then the two are not at one vector and differ, so that only force replaces it. */
    private static List<GenerationRecord> optional(Pair pair, boolean force) {
        return force ? List.of(pair.serving()) : List.of();
    }

    /** At leisure: what is written meanwhile is copied with the exchange. */
    private void fill(Pair pair, LatestRecords records, ControlWriter writer, Progress progress)
            throws ExecutionException, InterruptedException {
        readOn(pair.formerShadows(), records, progress);
        for (PortAddress port : pair.commonPorts()) {
            progress.step("fill " + pair.formerShadow(port));
            List<ProducerRecord<byte[], byte[]>> some = new ArrayList<>();
            records.forEachPair(
                    port.topic(),
                    pair.formerShadow(port),
                    Scope.ALL,
                    Corrections.copy(pair.formerShadow(port), record -> {
                        some.add(record);
                        if (some.size() >= COPIED_AT_ONCE) {
                            write(writer, some);
                        }
                    }));
            write(writer, some);
        }
        readOn(pair.formerShadows(), records, progress);
    }

    /** At leisure: what came while everything was compared and filled, so that little is left to read while both stand still. */
    private void catchUp(Pair pair, LatestRecords records, Progress progress)
            throws ExecutionException, InterruptedException {
        progress.step("catch up");
        readOn(pair.publicTopics(), records, progress);
        readOn(pair.shadows(), records, progress);
    }

    private static void write(ControlWriter writer, List<ProducerRecord<byte[], byte[]>> some) {
        if (!some.isEmpty()) {
            writer.write(sink -> some.forEach(sink));
            some.clear();
        }
    }

    private static void copy(Pair pair, LatestRecords records, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        for (PortAddress port : pair.commonPorts()) {
            records.forEachPair(
                    port.topic(),
                    pair.formerShadow(port),
                    Scope.TOUCHED,
                    Corrections.copy(pair.formerShadow(port), sink));
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

    private static void requireAgreement(Pair pair, List<PortReport> reports, boolean force) {
        long unexpected = reports.stream().mapToLong(PortReport::unexpected).sum();
        if (unexpected > 0 && !force) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    pair + ": " + unexpected + " keys differ that the last verification did not declare; run `verify "
                            + pair.product() + "`, and declare them with --expect, or promote with --force");
        }
    }

    /** The differences that were declared when the two were compared. */
    private List<String> expectationsOf(Pair pair) {
        JsonNode kept = pair.candidate().verification();
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
