package io.kappamesh.exchange;

import io.kappamesh.Internal;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.compare.PairComparison;
import io.kappamesh.cut.CutCoordinator;
import io.kappamesh.cut.CutCoordinator.Held;
import io.kappamesh.cut.Progress;
import io.kappamesh.cut.QuiescedGeneration;
import io.kappamesh.generation.Cut.Afterwards;
import io.kappamesh.generation.GenerationRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** Reads what the two generations of a pair have written, up to where both stood or up to now. Stateless. */
@Internal
public final class PairReader {
    /** A command that dies holds nobody up for longer. */
    public static final Duration LEASE = Duration.ofMinutes(2);

    private PairReader() {}

    /**
     * Reads both at one cut; returns for how long the serving generation was paused, in milliseconds.
     *
     * @param optional which of the two may have no process
     */
    public static long readAtACut(
            CutCoordinator coordinator,
            GenerationPair pair,
            List<GenerationRecord> optional,
            PairComparison comparison,
            Progress progress)
            throws ExecutionException, InterruptedException {
        long began = System.nanoTime();
        Held held = coordinator.hold(List.of(pair.serving(), pair.candidate()), optional, LEASE, Afterwards.GO_ON);
        long pause;
        QuiescedGeneration serving;
        QuiescedGeneration candidate;
        try {
            progress.step("rest " + pair.servingGeneration());
            serving = held.quiesced(pair.serving(), pair.publicTopics());
            held.release(pair.serving());
            pause = Duration.ofNanos(System.nanoTime() - began).toMillis();
            progress.step("rest " + pair.candidateGeneration());
            candidate = held.quiesced(pair.candidate(), pair.shadows());
        } finally {
            held.release();
        }
        comparison.read(serving, candidate);
        return pause;
    }

    /** Reads what is committed by now, so that little is left to be read while both stand. */
    public static void catchUp(Admin admin, GenerationPair pair, PairComparison comparison)
            throws ExecutionException, InterruptedException {
        QuiescedGeneration now = new QuiescedGeneration(TopicEnds.committed(
                admin,
                Stream.concat(pair.publicTopics().stream(), pair.shadows().stream())
                        .toList()));
        comparison.read(now, now);
    }
}
