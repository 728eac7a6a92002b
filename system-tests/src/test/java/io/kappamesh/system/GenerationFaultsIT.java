package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.cut.Progress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Role;
import io.kappamesh.lifecycle.Promotion;
import io.kappamesh.system.SoldItemsRun.Instance;
import io.kappamesh.testkit.LocalMesh;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die, sleep, come and go while their generations are compared and exchanged. Sales go on all the while. */
@Timeout(900)
class GenerationFaultsIT {
    /** Whose process dies where. */
    private record Death(Role role, String step) {}

    /** While all are told to stand, while they go to the vector, once they stand, and when the exchange is about to be committed. */
    private static final List<String> STEPS =
            List.of("freeze", "advance", "rest", "freeze/2", "advance/2", "fence", "rest/3", "commit");

    private static final List<Death> DEATHS = Boolean.getBoolean("mesh.long")
            ? Stream.of(Role.SERVING, Role.CANDIDATE)
                    .flatMap(role -> STEPS.stream().map(step -> new Death(role, step)))
                    .toList()
            : List.of(new Death(Role.SERVING, "rest/3"), new Death(Role.CANDIDATE, "freeze/2"));

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @TempDir
    private Path home;

    /** Promotes once for each death, to and fro. */
    @Test
    void processesMayDieAtAnyStep() throws Exception {
        try (SoldItemsRun run = new SoldItemsRun(mesh, home, "dying-process")) {
            Map<Integer, Instance> processes = Map.of(
                    1, run.serve("b1").awaitLive(),
                    2, run.replay("b2").awaitLive());
            for (Death death : DEATHS) {
                int before = run.serving();
                Instance killed = processes.get(death.role() == Role.SERVING ? before : run.candidate());
                run.verify();

                Optional<Promotion> promotion = promoted(run, AtStep.of(death.step(), killed::restart));

                System.out.println(death + ": " + promotion);
                while (promotion.isEmpty()) {
                    killed.awaitLive();
                    promotion = promoted(run, Progress.SILENT);
                }
                assertThat(run.serving()).isNotEqualTo(before);
                killed.awaitLive();
                run.feed().awaitMore(200);
            }
            run.requireNothingLostNothingDoubledNothingOld();
        }
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

            Promotion promotion = CaughtUp.then(() -> run.promote(true, Progress.SILENT));
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
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
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

            System.out.println(removing + "\n" + adding);
            assertThat(removing.totalCorrections()).isZero();
            assertThat(adding.totalCorrections()).isZero();
            second.awaitLive();
            run.feed().awaitMore(500);
            run.requireNothingLostNothingDoubledNothingOld();
        }
    }

    private static void awaitMembers(SoldItemsRun run, int generation, int members) {
        await().alias(members + " processes of g" + generation)
                .atMost(SoldItemsRun.TIMEOUT)
                .until(() -> run.members(generation) == members);
    }
}
