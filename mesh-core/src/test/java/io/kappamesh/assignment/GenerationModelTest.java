package io.kappamesh.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.assignment.ModelScenario.Budget;
import io.kappamesh.assignment.ModelScenario.Command;
import io.kappamesh.assignment.ModelScenario.Kind;
import io.kappamesh.assignment.ModelScenario.ProcessKind;
import io.kappamesh.assignment.ModelState.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange of generations in all its interleavings: two commands, processes of two builds, a log with transactions, kills, sleep and
 * late reading at every step. The decisions are those of the code; see {@link ModelState}. A failure is printed as the shortest way
 * to it.
 */
class GenerationModelTest {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationModelTest.class);
    private static final boolean LONG = Boolean.getBoolean("mesh.long");
    private static final int STATES = LONG ? 1_000_000 : 12_000;
    private static final int SCHEDULES = LONG ? 2_500 : 50;
    private static final int STEPS = 150;
    private static final String BESIDE = "promote and abort, beside another product";
    private static final Budget KILL = new Budget(1, 0, 0, 0);
    private static final Budget SLEEP = new Budget(0, 1, 0, 0);
    private static final Budget LEASE = new Budget(0, 0, 0, 1);
    private static final Budget MISFORTUNE = new Budget(3, 2, 1, 2);

    private static final ProcessKind OLD = new ProcessKind("a", false, true);
    private static final ProcessKind OLD_AGAIN = new ProcessKind("a", false, false);
    private static final ProcessKind NEW = new ProcessKind("b", false, false);
    private static final ProcessKind REPLAYED = new ProcessKind("b", true, true);

    static Stream<ModelScenario> scenarios() {
        return Stream.of(KILL, SLEEP, LEASE).flatMap(GenerationModelTest::scenarios);
    }

    private static Stream<ModelScenario> scenarios(Budget budget) {
        List<ProcessKind> both = List.of(OLD, REPLAYED);
        return Stream.of(
                scenario("two promotions", both, budget, List.of(Kind.PROMOTE), List.of(Kind.PROMOTE)),
                scenario("promote, then retire", both, budget, List.of(Kind.PROMOTE, Kind.RETIRE), List.of()),
                scenario(BESIDE, both, budget, List.of(Kind.PROMOTE, Kind.ABORT), List.of(Kind.NUDGE)),
                scenario(
                        "roll back, and verify",
                        both,
                        budget,
                        List.of(Kind.PROMOTE, Kind.ROLLBACK),
                        List.of(Kind.VERIFY)),
                scenario("abort against a promotion", both, budget, List.of(Kind.PROMOTE), List.of(Kind.ABORT)),
                scenario(
                        "the old build comes back",
                        List.of(OLD, OLD_AGAIN, REPLAYED),
                        budget,
                        List.of(Kind.PROMOTE),
                        List.of()),
                inPlace(budget),
                besideACandidate(budget));
    }

    private static ModelScenario inPlace(Budget budget) {
        Budget withStops = new Budget(budget.kills(), budget.pauses(), 2, budget.leases());
        return new ModelScenario(
                "an update in place, " + budget, false, List.of(OLD, NEW), List.of(List.of()), withStops);
    }

    private static ModelScenario besideACandidate(Budget budget) {
        Budget withStops = new Budget(budget.kills(), budget.pauses(), 2, budget.leases());
        return new ModelScenario(
                "an update in place beside a candidate, " + budget,
                true,
                List.of(OLD, NEW),
                List.of(List.of(Command.of(Kind.PROMOTE))),
                withStops);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whateverComesInBetweenNothingGoesWrongAndThereIsAWayOut(ModelScenario scenario) {
        ModelExploration found = ModelExploration.of(scenario, ModelRules.NOW, STATES);
        LOG.info("{}: {}", scenario, found);

        assertThat(found.violation()).isEmpty();
        assertThat(found.withoutAWayOut()).isEmpty();
    }

    static Stream<ModelScenario> luckless() {
        return scenarios(MISFORTUNE);
    }

    @ParameterizedTest
    @MethodSource("luckless")
    void longSchedulesAreNoneTheWorse(ModelScenario scenario) {
        for (int seed = 0; seed < SCHEDULES; seed++) {
            assertThat(walk(scenario, seed)).isEmpty();
        }
    }

    @Test
    void decisionsFromWhatIsStableAreFoundToLoseDecisions() {
        ModelScenario scenario = scenarios()
                .filter(one -> one.name().startsWith(BESIDE))
                .findFirst()
                .orElseThrow();

        assertThat(ModelExploration.of(scenario, ModelRules.STALE_READS, STATES).violation())
                .hasValueSatisfying(way -> assertThat(way).contains("NUDGE", "another one is lost"));
    }

    @Test
    void buildsThatJoinWithAWarningAreFoundToWriteInBetween() {
        ModelScenario scenario =
                new ModelScenario("joined", false, List.of(OLD, NEW), List.of(List.of()), new Budget(0, 0, 0, 0));

        assertThat(ModelExploration.of(scenario, ModelRules.TWO_BUILDS, STATES).violation())
                .hasValueSatisfying(way -> assertThat(way).contains("build b writes in between"));
    }

    @Test
    void readinessByCandidatesIsFoundToBeALie() {
        ModelScenario scenario = besideACandidate(KILL);

        assertThat(ModelExploration.of(scenario, ModelRules.READY_BY_CANDIDATES, STATES)
                        .violation())
                .hasValueSatisfying(way -> assertThat(way).contains("nobody runs g1, which serves"));
    }

    /** One long schedule; what goes wrong in it, with what to say to see it again. */
    private static Optional<String> walk(ModelScenario scenario, int seed) {
        Random random = new Random(seed);
        ModelState state = ModelState.begin(scenario, ModelRules.NOW);
        List<String> way = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            List<Step> steps = state.steps();
            if (steps.isEmpty()) {
                break;
            }
            Step step = steps.get(random.nextInt(steps.size()));
            way.add(step.label());
            state = step.next();
            if (state.violation().isPresent()) {
                return Optional.of("%s, seed %d: %s, by %s"
                        .formatted(scenario, seed, state.violation().get(), String.join("; ", way)));
            }
        }
        return Optional.empty();
    }

    private static ModelScenario scenario(
            String name, List<ProcessKind> processes, Budget budget, List<Kind> one, List<Kind> other) {
        return new ModelScenario(
                name + ", " + budget, true, processes, List.of(commands(one), commands(other)), budget);
    }

    private static List<Command> commands(List<Kind> kinds) {
        return kinds.stream()
                .map(kind -> kind == Kind.RETIRE ? new Command(kind, 1) : Command.of(kind))
                .toList();
    }
}
