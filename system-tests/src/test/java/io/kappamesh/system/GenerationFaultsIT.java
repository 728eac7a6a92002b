package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.control.Role;
import io.kappamesh.replay.LifecycleException;
import io.kappamesh.replay.Progress;
import io.kappamesh.replay.Promotion;
import io.kappamesh.system.SoldItemsRun.Instance;
import io.kappamesh.testkit.LocalMesh;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die, sleep, come and go while their generations are compared and exchanged. Sales go on all the while. */
@Timeout(900)
class GenerationFaultsIT {
    /** While all are told to stand, while they go to the vector, once they stand, and when the exchange is about to be committed. */
    private static final List<String> STEPS = Boolean.getBoolean("mesh.long")
            ? List.of("freeze", "advance", "freeze/2", "advance/2", "fence", "rest/3", "commit")
            : List.of("freeze/2", "rest/3");

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @TempDir
    private Path home;

    @Test
    void servingProcessMayDieAtAnyStep() throws Exception {
        try (SoldItemsRun run = new SoldItemsRun(mesh, home, "serving-dies")) {
            killedAtEveryStep(run, true);
        }
    }

    @Test
    void candidateProcessMayDieAtAnyStep() throws Exception {
        try (SoldItemsRun run = new SoldItemsRun(mesh, home, "candidate-dies")) {
            killedAtEveryStep(run, false);
        }
    }

    /** Promotes once for each step, to and fro, and kills the process of one role or the other there. */
    private static void killedAtEveryStep(SoldItemsRun run, boolean serving) throws Exception {
        Map<Integer, Instance> processes = Map.of(
                1, run.serve("b1").awaitLive(),
                2, run.replay("b2").awaitLive());
        for (String step : STEPS) {
            int before = run.serving();
            Instance killed = processes.get(serving ? before : run.candidate());
            run.verify();
            Optional<Promotion> promotion = promoted(run, AtStep.of(step, killed::restart));
            System.out.println(step + ": " + promotion);
            if (promotion.isEmpty()) {
                killed.awaitLive();
                await().atMost(SoldItemsRun.PATIENCE)
                        .until(() -> promoted(run, Progress.SILENT).isPresent());
            }
            assertThat(run.serving()).isNotEqualTo(before);
            killed.awaitLive();
            run.feed().awaitMore(200);
        }
        run.requireNothingLostNothingDoubledNothingOld();
    }

    /** Empty = refused or given up. Two that run the same code never differ. */
    private static Optional<Promotion> promoted(SoldItemsRun run, Progress progress) {
        try {
            Promotion promotion = run.promote(false, progress);
            assertThat(promotion.totalCorrections()).as("%s", promotion).isZero();
            return Optional.of(promotion);
        } catch (LifecycleException refused) {
            System.out.println(refused.getMessage());
            return Optional.empty();
        }
    }

    @Test
    void processThatSleptThroughItsReplacementWritesNothingThatAnybodySees() throws Exception {
        try (SoldItemsRun run = new SoldItemsRun(mesh, home, "asleep")) {
            Instance sleeper = run.serve("b1").awaitLive();
            run.replay("b2").awaitLive();
            sleeper.process().pause();
            awaitMembers(run, 1, 0);

            Promotion promotion = run.promote(true, Progress.SILENT);
            System.out.println(promotion);
            run.feed().awaitMore(1_000);
            Map<Long, String> writers = run.writers();
            sleeper.process().resume();

            awaitMembers(run, 1, 1);
            sleeper.awaitLive();
            run.feed().awaitMore(1_000);
            assertThat(run.hasRole(2, Role.SERVING)).isTrue();
            assertThat(run.writers().entrySet())
                    .as("only the process of g2 has written since, be it committed or not; before: %s", writers)
                    .filteredOn(writer -> !writer.getValue().equals(writers.get(writer.getKey())))
                    .hasSize(1);
            run.requireNothingLostNothingDoubledNothingOld();
        }
    }

    @Test
    void processesMayComeAndGoWhileTheirGenerationsAreCutAndReplay() throws Exception {
        try (SoldItemsRun run = new SoldItemsRun(mesh, home, "rolling")) {
            run.serve("b1-one").awaitLive();
            Instance second = run.serve("b1-two").awaitLive();
            Instance third = run.replay("b2-one");
            Instance fourth = run.replay("b2-two");
            awaitMembers(run, 2, 2);
            third.restart();
            third.awaitLive();
            fourth.stopInOrder();
            fourth.start();
            fourth.awaitLive();
            awaitMembers(run, 2, 2);
            run.verify();

            Promotion removing = run.promote(false, AtStep.of("freeze/2", second::stopInOrder));
            Promotion adding = run.verifiedAndPromoted(AtStep.of("advance/2", second::start));

            assertThat(removing.totalCorrections()).isZero();
            assertThat(adding.totalCorrections()).isZero();
            second.awaitLive();
            run.feed().awaitMore(500);
            run.requireNothingLostNothingDoubledNothingOld();
        }
    }

    private static void awaitMembers(SoldItemsRun run, int generation, int members) {
        await().alias(members + " processes of g" + generation)
                .atMost(SoldItemsRun.PATIENCE)
                .until(() -> run.members(generation) == members);
    }
}
