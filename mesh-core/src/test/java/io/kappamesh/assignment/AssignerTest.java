package io.kappamesh.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssignerTest {
    private static final ProductName ORDERS = ProductName.of("sales.orders");
    private static final List<String> SHAPE = List.of("stores sums");
    private static final Set<Integer> NOBODY = Set.of();

    private final List<String> localState = new ArrayList<>();

    @Test
    void theFirstProcessEverBeginsTheFirstGeneration() {
        assertThat(run("a").atStart(ProductLifecycle.empty(ORDERS), NOBODY))
                .isEqualTo(new Assignment.Begin(Role.SERVING));
    }

    @Test
    void aProcessRunsEveryGenerationOfItsBuild() {
        ProductLifecycle now = lifecycle(serving(1, "a"), candidate(2, "b"), candidate(3, "a"));

        assertThat(run("a").atStart(now, Set.of(1, 2, 3))).isEqualTo(runs(now, 1, 3));
        assertThat(run("b").atStart(now, Set.of(1, 2, 3))).isEqualTo(runs(now, 2));
    }

    @Test
    void anotherBuildGoesOnWithWhatServesOnlyWhenNobodyRunsIt() {
        ProductLifecycle now = lifecycle(serving(1, "a"));

        assertThat(run("b").atStart(now, Set.of(1))).isEqualTo(new Assignment.Await(serving(1, "a")));
        assertThat(run("b").atStart(now, NOBODY)).isEqualTo(new Assignment.Adopt(serving(1, "a")));
    }

    @Test
    void whoHasACandidateOfItsOwnDoesNotAdoptWhatServes() {
        ProductLifecycle now = lifecycle(serving(1, "a"), candidate(2, "b"));

        assertThat(run("b").atStart(now, NOBODY)).isEqualTo(runs(now, 2));
    }

    @Test
    void stateIsContinuedByItsShapeOnlyWhoeverIsAlive() {
        ProductLifecycle now = lifecycle(serving(1, "a"));
        Assigner other = new Assigner(ORDERS, "b", List.of("stores counts"), Selection.OWN_BUILD, generation -> false);
        Assigner namesake = new Assigner(ORDERS, "a", List.of("stores counts"), Selection.OWN_BUILD, one -> false);

        for (Assigner misfit : List.of(other, namesake)) {
            assertThat(misfit.atStart(now, NOBODY))
                    .isEqualTo(misfit.atStart(now, Set.of(1)))
                    .asString()
                    .contains("g1", "stores sums", "stores counts", "replay sales.orders");
        }
    }

    @Test
    void aProductOfWhichNothingServesIsNotBegunAnew() {
        assertThat(run("a").atStart(lifecycle(candidate(1, "b")), NOBODY)).isInstanceOf(Assignment.Refuse.class);
    }

    @Test
    void aReplayGoesOnWithWhatItRanElseWithTheNewestCandidateElseBeginsOne() {
        ProductLifecycle now = lifecycle(serving(1, "a"), candidate(2, "b"), candidate(3, "b"));

        assertThat(replay("b", OptionalInt.empty()).atStart(now, NOBODY)).isEqualTo(runs(now, 3));
        localState.add("sales.orders.g2");
        assertThat(replay("b", OptionalInt.empty()).atStart(now, NOBODY)).isEqualTo(runs(now, 2));
        assertThat(replay("c", OptionalInt.empty()).atStart(now, NOBODY))
                .isEqualTo(new Assignment.Begin(Role.CANDIDATE));
        assertThat(replay("b", OptionalInt.empty()).atStart(ProductLifecycle.empty(ORDERS), NOBODY))
                .isInstanceOf(Assignment.Refuse.class);
    }

    @Test
    void aReplayOfANumberJoinsNoOtherBuildEither() {
        ProductLifecycle now = lifecycle(serving(1, "a"), candidate(2, "b"), retired(3));

        assertThat(replay("b", OptionalInt.of(2)).atStart(now, NOBODY)).isEqualTo(runs(now, 2));
        assertThat(replay("c", OptionalInt.of(2)).atStart(now, Set.of(2)))
                .isEqualTo(new Assignment.Await(candidate(2, "b")));
        assertThat(replay("c", OptionalInt.of(2)).atStart(now, NOBODY))
                .isEqualTo(new Assignment.Adopt(candidate(2, "b")));
        assertThat(replay("c", OptionalInt.of(4)).atStart(now, NOBODY)).isEqualTo(new Assignment.Begin(Role.CANDIDATE));
        assertThat(replay("c", OptionalInt.of(3)).atStart(now, NOBODY)).isInstanceOf(Assignment.Refuse.class);
        assertThat(replay("c", OptionalInt.of(5)).atStart(now, NOBODY)).isInstanceOf(Assignment.Refuse.class);
    }

    @Test
    void anAdoptionVoidsWhatWasComparedAndIsRemembered() {
        ProductLifecycle now = lifecycle(
                serving(1, "a"),
                candidate(2, "b").verified(com.fasterxml.jackson.databind.node.NullNode.getInstance()));

        ProductLifecycle adopted = now.adopted(1, "c", "2026-01-02T00:00:00Z");

        assertThat(adopted.serving()).hasValueSatisfying(one -> {
            assertThat(one.build()).isEqualTo("c");
            assertThat(one.computation().adoptions())
                    .singleElement()
                    .satisfies(adoption -> assertThat(adoption.from()).isEqualTo("a"));
        });
        assertThat(adopted.generation(2).orElseThrow().findings().verification())
                .isNull();
    }

    private Assigner run(String build) {
        return assigner(build, Selection.OWN_BUILD);
    }

    private Assigner replay(String build, OptionalInt number) {
        return assigner(build, Selection.candidate(number));
    }

    private Assigner assigner(String build, Selection selection) {
        return new Assigner(ORDERS, build, SHAPE, selection, generation -> localState.contains(generation.toString()));
    }

    private static Assignment runs(ProductLifecycle now, Integer... numbers) {
        return new Assignment.Run(List.of(numbers).stream()
                .map(number -> now.generation(number).orElseThrow())
                .toList());
    }

    private static ProductLifecycle lifecycle(GenerationRecord... generations) {
        return new ProductLifecycle(ORDERS.toString(), List.of(generations), null);
    }

    private static GenerationRecord serving(int number, String build) {
        return generation(number, Role.SERVING, build);
    }

    private static GenerationRecord candidate(int number, String build) {
        return generation(number, Role.CANDIDATE, build);
    }

    private static GenerationRecord retired(int number) {
        return generation(number, Role.CANDIDATE, "x").as(Role.RETIRED);
    }

    private static GenerationRecord generation(int number, Role role, String build) {
        return GenerationRecord.begun(
                number,
                role,
                Computation.of(build, SHAPE, List.of()),
                new PortTopics(List.of(), List.of()),
                History.upTo(Map.of(), "2026-01-01T00:00:00Z"));
    }
}
