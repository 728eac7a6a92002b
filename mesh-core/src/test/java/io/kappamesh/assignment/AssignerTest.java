package io.kappamesh.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.RetiredPort;
import io.kappamesh.generation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssignerTest {
    private static final ProductName ORDERS = ProductName.of("sales.orders");
    private static final String ORDERS_V1 = "sales.orders.v1";
    private static final String ORDERS_V2 = "sales.orders.v2";
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
        Assigner other = new Assigner(
                ORDERS, "b", List.of("stores counts"), List.of(ORDERS_V1), Selection.OWN_BUILD, generation -> false);
        Assigner namesake = new Assigner(
                ORDERS, "a", List.of("stores counts"), List.of(ORDERS_V1), Selection.OWN_BUILD, one -> false);

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

    @Test
    void aBuildWithAnotherPortDoesNotGoOnWithWhatServesBecauseThePortWouldLackItsHistory() {
        ProductLifecycle now = lifecycle(serving(1, "a"));
        List<String> both = List.of(ORDERS_V1, ORDERS_V2);

        assertThat(publishing("b", Selection.OWN_BUILD, both).atStart(now, NOBODY))
                .isInstanceOf(Assignment.Refuse.class)
                .asString()
                .contains("adds [sales.orders.v2]", "lack all history", "replay sales.orders");
        assertThat(publishing("b", Selection.candidate(OptionalInt.empty()), both)
                        .atStart(now, NOBODY))
                .isEqualTo(new Assignment.Begin(Role.CANDIDATE));
    }

    @Test
    void aPortIsLeftOutOnceItIsRetiredAndMayComeBackUntilThen() {
        ProductLifecycle now = lifecycle(serving(1, "a").publishing(List.of(ORDERS_V1, ORDERS_V2)));
        Assigner without = publishing("b", Selection.OWN_BUILD, List.of(ORDERS_V2));

        assertThat(without.atStart(now, NOBODY))
                .isInstanceOf(Assignment.Refuse.class)
                .asString()
                .contains("leaves out [sales.orders.v1]", "retire-port", "replay sales.orders");
        ProductLifecycle retired = now.retired(new RetiredPort(ORDERS_V1, "2026-01-01T00:00:00Z", "me", List.of()));
        assertThat(without.atStart(retired, NOBODY)).isInstanceOf(Assignment.Adopt.class);
        ProductLifecycle dropped =
                retired.adopted(1, "b", "2026-01-02T00:00:00Z").change(1, one -> one.publishing(List.of(ORDERS_V2)));
        assertThat(publishing("a", Selection.OWN_BUILD, List.of(ORDERS_V1, ORDERS_V2))
                        .atStart(dropped, NOBODY))
                .as("the build before can come back")
                .isInstanceOf(Assignment.Adopt.class);
    }

    /** A topic that is made again would have a hole, and nobody would see it. */
    @Test
    void onceItsTopicIsDeletedAnOlderBuildWithTheRetiredPortIsRefusedUntilItIsReplayed() {
        ProductLifecycle deleted = lifecycle(serving(1, "b").publishing(List.of(ORDERS_V2)))
                .retired(new RetiredPort(ORDERS_V1, "2026-01-01T00:00:00Z", "me", List.of())
                        .deleted("2026-01-02T00:00:00Z"));
        List<String> both = List.of(ORDERS_V1, ORDERS_V2);

        assertThat(publishing("a", Selection.OWN_BUILD, both).atStart(deleted, NOBODY))
                .isInstanceOf(Assignment.Refuse.class)
                .asString()
                .contains("[sales.orders.v1], which is retired and whose topic is deleted", "replay sales.orders");
        assertThat(publishing("a", Selection.candidate(OptionalInt.empty()), both)
                        .atStart(deleted, NOBODY))
                .isEqualTo(new Assignment.Begin(Role.CANDIDATE));
        assertThat(publishing("b", Selection.OWN_BUILD, List.of(ORDERS_V2)).atStart(deleted, NOBODY))
                .isEqualTo(runs(deleted, 1));
        assertThat(deleted.with(candidate(2, "a").publishing(both))
                        .promoted(1, 2)
                        .retiredPort(ORDERS_V1))
                .as("its whole history is there again")
                .isEmpty();
        assertThat(PortsAtStart.deleted(deleted, both))
                .as("what `provision` refuses to make")
                .containsExactly(ORDERS_V1);
        assertThat(PortsAtStart.deleted(deleted.with(candidate(2, "a").publishing(both)), both))
                .as("a candidate computes it")
                .isEmpty();
        assertThat(PortsAtStart.deleted(deleted, List.of(ORDERS_V2))).isEmpty();
    }

    /** What is asked before anything is touched says what the assigner says. */
    @Test
    void aStartAsksForItsPortsBeforeItTouchesAnything() {
        ProductLifecycle now = lifecycle(serving(1, "a"), candidate(2, "c").publishing(List.of(ORDERS_V2)));
        List<String> both = List.of(ORDERS_V1, ORDERS_V2);

        assertThat(PortsAtStart.refused(now, both, Selection.OWN_BUILD, "b"))
                .hasValueSatisfying(one -> assertThat(one.added()).containsExactly(ORDERS_V2));
        assertThat(PortsAtStart.refused(now, List.of(ORDERS_V1), Selection.OWN_BUILD, "b"))
                .isEmpty();
        assertThat(PortsAtStart.refused(now, List.of(ORDERS_V2), Selection.OWN_BUILD, "c"))
                .as("its own candidate")
                .isEmpty();
        assertThat(PortsAtStart.refused(now, both, Selection.candidate(OptionalInt.empty()), "b"))
                .as("a replay may add ports")
                .isEmpty();
        assertThat(PortsAtStart.refused(now, both, Selection.candidate(OptionalInt.of(2)), "b"))
                .isPresent();
    }

    @Test
    void aRetiredPortIsInServiceAgainWhenAGenerationWithItsWholeHistoryServes() {
        ProductLifecycle now = lifecycle(serving(1, "a").publishing(List.of(ORDERS_V2)), candidate(2, "b"))
                .retired(new RetiredPort(ORDERS_V1, "2026-01-01T00:00:00Z", "me", List.of()));

        assertThat(now.promoted(1, 2).retiredPort(ORDERS_V1)).isEmpty();
        assertThat(now.change(2, one -> one.publishing(List.of(ORDERS_V2)))
                        .promoted(1, 2)
                        .retiredPort(ORDERS_V1))
                .isPresent();
    }

    private Assigner run(String build) {
        return assigner(build, Selection.OWN_BUILD);
    }

    private Assigner replay(String build, OptionalInt number) {
        return assigner(build, Selection.candidate(number));
    }

    private Assigner assigner(String build, Selection selection) {
        return publishing(build, selection, List.of(ORDERS_V1));
    }

    private Assigner publishing(String build, Selection selection, List<String> outputs) {
        return new Assigner(
                ORDERS, build, SHAPE, outputs, selection, generation -> localState.contains(generation.toString()));
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
                new PortTopics(List.of(), List.of(ORDERS_V1)),
                History.upTo(Map.of(), "2026-01-01T00:00:00Z"));
    }
}
