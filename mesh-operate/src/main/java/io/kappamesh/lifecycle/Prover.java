package io.kappamesh.lifecycle;

import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.lifecycle.CandidateStarter.Begun;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import io.kappamesh.status.GenerationState;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.status.ReplayRate;
import io.kappamesh.status.ReplayRate.Measured;
import io.kappamesh.status.StatusReader;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Replays a product beside the serving generation, compares the two, and takes the replay away again. It is made of what an operator has commands
 * for: whatever interrupts it leaves a candidate, which proving again compares and leaves, as any that was there before.
 */
final class Prover {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Settings settings;
    private final CandidateStarter starter;
    private final StatusReader statuses;
    private final Retirer retirer;
    private final Duration toAppear;
    private final Progress progress;

    /** @param toAppear for how long a candidate may run nowhere: longer than a process takes to be started again */
    Prover(
            Settings settings,
            CandidateStarter starter,
            StatusReader statuses,
            Retirer retirer,
            Duration toAppear,
            Progress progress) {
        this.toAppear = toAppear;
        this.settings = settings;
        this.starter = starter;
        this.statuses = statuses;
        this.retirer = retirer;
        this.progress = progress;
    }

    /** @param verify compares a candidate with the serving generation */
    Proof prove(ProductName product, Function<Generation, Verification> verify) {
        Begun begun = starter.begin(product);
        Generation candidate = begun.generation();
        requireBuildOfServing(candidate);
        progress.step(candidate
                + (begun.resumed() ? ": was begun before, and stays when this is done" : ": replays the inputs"));
        ReplayRate watch = new ReplayRate(!begun.resumed(), System.nanoTime());
        awaitCaughtUp(candidate, watch);
        Measured measured = watch.measured();
        if (!begun.resumed()) {
            measured.rate().ifPresent(rate -> keepRate(candidate, rate));
        }
        Verification found = verified(candidate, verify);
        if (!begun.resumed()) {
            retirer.retire(candidate, progress);
        }
        return new Proof(candidate, begun.resumed(), measured.records(), measured.time(), found);
    }

    /** Of other code nothing would be proved. */
    private void requireBuildOfServing(Generation candidate) {
        List<GenerationStatus> all = statuses.of(candidate.product());
        String build = status(candidate, all).build();
        all.stream()
                .filter(one -> one.role() == Role.SERVING && !one.build().equals(build))
                .findFirst()
                .ifPresent(serving -> {
                    throw new LifecycleException(
                            ExitCode.CONFIGURATION,
                            candidate + ": is a candidate of another build than " + serving.generation()
                                    + ", which serves, so that it proves nothing of that; `verify "
                                    + candidate.product()
                                    + "` compares them, `abort " + candidate.product() + "` makes room for a proof");
                });
    }

    /** For plans to come. */
    private void keepRate(Generation candidate, double recordsPerSecond) {
        Attempt.at("prove " + candidate.product(), () -> {
            try (ControlWriter writer = ControlWriter.take(candidate.product(), settings.client())) {
                writer.decide(now -> now.change(candidate.number(), one -> one.replayedAt(recordsPerSecond)));
            }
            return null;
        });
    }

    private Verification verified(Generation candidate, Function<Generation, Verification> verify) {
        while (true) {
            try {
                return verify.apply(candidate);
            } catch (LifecycleException refused) {
                // It may have fallen behind since it was looked at: its processes came and went, or a flood of records
                // came in.
                if (refused.exitCode() != ExitCode.CONFIGURATION
                        || status(candidate).state() == GenerationState.LIVE) {
                    throw refused;
                }
                awaitCaughtUp(candidate, new ReplayRate(false, System.nanoTime()));
            }
        }
    }

    private void awaitCaughtUp(Generation candidate, ReplayRate watch) {
        long ranAt = System.nanoTime();
        boolean told = false;
        while (true) {
            GenerationStatus status = status(candidate);
            watch.saw(status, System.nanoTime());
            if (status.state() == GenerationState.LIVE) {
                progress.progress(status.target(), status.target());
                return;
            }
            if (status.state() == GenerationState.RETIRED) {
                throw new LifecycleException(
                        ExitCode.CONFIGURATION,
                        candidate + ": somebody else retired it meanwhile; run `prove " + candidate.product()
                                + "` again");
            }
            if (status.state() != GenerationState.STOPPED) {
                ranAt = System.nanoTime();
                told = false;
            } else {
                requireHope(status, System.nanoTime() - ranAt);
                if (!told) {
                    told = true;
                    progress.step(candidate + ": waits for a process of build " + status.build() + " to run it");
                }
            }
            progress.progress(status.done(), status.target());
            Attempt.at("prove " + candidate.product(), () -> {
                Thread.sleep(BETWEEN_LOOKS.toMillis());
                return null;
            });
        }
    }

    /** Nobody runs it: it failed, or has been left alone for longer than a restart takes. */
    private void requireHope(GenerationStatus stopped, long nanos) {
        Generation candidate = stopped.generation();
        String remedy = "start it again with build " + stopped.build() + ", and `prove " + candidate.product()
                + "` goes on with it; `abort " + candidate.product() + "` gives it up";
        stopped.failure().ifPresent(failure -> {
            throw new LifecycleException(
                    ExitCode.of(failure.exitCode()),
                    candidate + ": its process " + failure.text() + ". Repair that, " + remedy);
        });
        if (nanos > toAppear.toNanos()) {
            throw new LifecycleException(
                    ExitCode.PLATFORM,
                    candidate + ": no process has run it for " + toAppear.toSeconds() + " s; " + remedy);
        }
    }

    private GenerationStatus status(Generation candidate) {
        return status(candidate, statuses.of(candidate.product()));
    }

    private static GenerationStatus status(Generation candidate, List<GenerationStatus> all) {
        return all.stream()
                .filter(one -> one.generation().equals(candidate))
                .findFirst()
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION, candidate + ": is not known any more; was its control topic deleted?"));
    }
}
