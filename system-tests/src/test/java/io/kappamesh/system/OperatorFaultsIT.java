package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.control.TakenOverException;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Role;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Promotion;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.testkit.LocalMesh;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that die in the middle, and commands that meet. Generations are processes, and sales go on all the while. */
@Timeout(900)
class OperatorFaultsIT {
    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    /** More than there ever are. */
    private static final int MOST_STEPS = 100;

    @TempDir
    private Path home;

    /** One that dies is succeeded in LifecycleIT too, and in the model of generations at each step; here processes die in earnest. */
    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void promotionThatDiesAtAnyStepIsTakenUpByTheNextOne() throws Exception {
        try (SoldItemsRun run = new SoldItemsRun(mesh, home, "dying")) {
            run.serve("b1").awaitLive();
            run.replay("b2").awaitLive();
            run.verify();

            for (String step : steps()) {
                JavaProcess operator = attempt(run, step);
                assertThat(operator.exitCode())
                        .as("%s: %s", step, operator.logTail(60))
                        .hasValue(Operator.DIED);
                System.out.println("died at " + step);
                if (run.serving() == 2) {
                    break;
                }
                run.feed().awaitMore(2L * SoldItemsRun.LAG_RECORDS);
            }

            assertThat(run.serving()).isEqualTo(2);
            JavaProcess again = run.operator("0");
            assertThat(again.exitCode()).hasValue(Operator.REFUSED);
            assertThat(again.logTail(40)).contains("no generation is newer than g2, which serves");
            assertThat(run.serving()).isEqualTo(2);
            run.feed().awaitMore(500);
            run.requireNothingLostNothingDoubledNothingOld();
        }
    }

    /** Steps at which an operator dies: all there are. */
    private static List<String> steps() {
        return IntStream.range(1, MOST_STEPS).mapToObj(Integer::toString).toList();
    }

    /** A command is refused, once it has let go what the one before paused, until the candidate has caught up again. */
    private static JavaProcess attempt(SoldItemsRun run, String step) {
        while (true) {
            JavaProcess operator = run.operator(step);
            if (operator.exitCode().orElseThrow() != Operator.REFUSED
                    || !operator.logTail(1).contains("behind its inputs")) {
                return operator;
            }
            assertThat(run.decided().cut()).isNull();
        }
    }

    /** The model of generations has all of them in the ordinary profile; here they meet in earnest. */
    @ParameterizedTest
    @ValueSource(strings = {"freeze", "rest", "freeze/2", "fence", "commit"})
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void ofTwoPromotionsTheLaterOneWinsAndTheOtherOneIsToldSo(String meet) throws Exception {
        String domain = "met-" + meet.replace("/", "-");
        try (SoldItemsRun run = new SoldItemsRun(mesh, home, domain);
                Lifecycle other = run.connect()) {
            run.serve("b1").awaitLive();
            run.replay("b2").awaitLive();
            run.verify();
            CompletableFuture<Promotion> later = new CompletableFuture<>();
            CompletableFuture<Void> hasTakenOver = new CompletableFuture<>();
            AtStep meeting = AtStep.of(meet, () -> {
                var unused = CompletableFuture.supplyAsync(
                                () -> promoted(run, other, AtStep.of("freeze", () -> hasTakenOver.complete(null))))
                        .whenComplete((promotion, failed) -> {
                            hasTakenOver.complete(null);
                            if (failed == null) {
                                later.complete(promotion);
                            } else {
                                later.completeExceptionally(failed);
                            }
                        });
                hasTakenOver.join();
            });

            assertThatThrownBy(() -> run.promote(false, meeting))
                    .isInstanceOf(LifecycleException.class)
                    .hasCauseInstanceOf(TakenOverException.class)
                    .hasMessageContaining("another command has taken over");

            System.out.println(later.join());
            assertThat(later.join().totalCorrections()).isZero();
            assertThat(run.hasRole(2, Role.SERVING)).isTrue();
            assertThat(run.hasRole(1, Role.CANDIDATE)).isTrue();
            run.feed().awaitMore(500);
            run.requireNothingLostNothingDoubledNothingOld();
        }
    }

    /** As soon as the candidate, which the other command made stand, has caught up again. */
    private static Promotion promoted(SoldItemsRun run, Lifecycle lifecycle, Progress progress) {
        return CaughtUp.then(() -> lifecycle.promote(run.items().name, OptionalInt.empty(), false, progress));
    }
}
