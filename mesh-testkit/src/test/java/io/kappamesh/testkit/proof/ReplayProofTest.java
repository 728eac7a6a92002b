package io.kappamesh.testkit.proof;

import static io.kappamesh.testkit.Facts.NOON;
import static io.kappamesh.testkit.Facts.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.contract.SourcePort;
import io.kappamesh.testkit.Facts;
import io.kappamesh.testkit.Tallies;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class ReplayProofTest {
    private final Tallies tallies = new Tallies();

    @Test
    void aProductWhoseResultIsAFunctionOfItsRecordsHolds() {
        ReplayProof.of(tallies.keysPerText())
                .inputs(tallies::factsAtLeft)
                .schedules(40)
                .holds();
    }

    @Test
    void whatConvertsAnEarlierVersionIsProvedToo() {
        ReplayProof.of(tallies.versions(false))
                .inputs(tallies::factsAtLeft)
                .schedules(40)
                .holds();

        assertThat(difference(ReplayProof.of(tallies.versions(true)).inputs(tallies::factsAtLeft)))
                .hasMessageContaining("shop.versions.v1");
    }

    @Test
    void sumsOfDoublesDiffer() {
        ReplayDifference difference =
                difference(ReplayProof.of(tallies.sumOfDoubles()).inputs(tallies::factsAtLeft));

        assertThat(difference.records()).as(difference.getMessage()).isBetween(2, 3);
    }

    @Test
    void whoeverArrivesLastDiffers() {
        ReplayDifference difference =
                difference(ReplayProof.of(tallies.lastToArrive()).inputs(tallies::facts));

        assertThat(difference.records()).as(difference.getMessage()).isEqualTo(2);
    }

    @Test
    void aJoinOfAStreamWithATableDiffers() {
        ReplayDifference difference =
                difference(ReplayProof.of(tallies.streamTableJoin()).inputs(tallies::facts));

        assertThat(difference.records()).as(difference.getMessage()).isBetween(2, 3);
    }

    @Test
    void windowsThatCloseDiffer() {
        ReplayDifference difference =
                difference(ReplayProof.of(tallies.windowsThatClose()).inputs(tallies::factsAtLeft));

        assertThat(difference.records()).as(difference.getMessage()).isBetween(2, 3);
    }

    @Test
    void whoeverCountsDeliveriesDiffersWhenProducersDeliverAgainAndOnlyThen() {
        ReplayProof.of(tallies.deliveries())
                .inputs(tallies::factsAtLeft)
                .withoutRedelivery()
                .schedules(40)
                .holds();

        ReplayDifference difference =
                difference(ReplayProof.of(tallies.deliveries()).inputs(tallies::factsAtLeft));

        assertThat(difference.records()).as(difference.getMessage()).isEqualTo(1);
    }

    @Test
    void anExampleOfARestartHasTheRecordsAroundItAndNoOther() {
        ReplayDifference difference = difference(ReplayProof.of(tallies.firstOfALife())
                .inputs(tallies::factsAtLeft)
                .seed(3));

        assertThat(difference.getMessage())
                .containsPattern("Otherwise: a restart, .*\n  #1, restart of task 0_., #2\n");
    }

    @Test
    void whoeverRemembersEarlierRunsDiffersFromItself() {
        assertThat(difference(ReplayProof.of(tallies.numberOfTheRun(Integer.MAX_VALUE))
                        .inputs(tallies::factsAtLeft)))
                .hasMessageContaining("Otherwise: the same once more");
    }

    /** Once to learn the tasks, once live, and once in another order; whoever runs after them ends like the last. */
    @Test
    void aDifferenceThatDoesNotComeAgainIsToldNevertheless() {
        assertThat(difference(ReplayProof.of(tallies.numberOfTheRun(3)).inputs(tallies::factsAtLeft)))
                .hasMessageContainingAll("run 2", "run 3", "come and go", "a static field");
    }

    @Test
    void theSeedOfTheMessageShowsTheSameDifferenceAgain() {
        ReplayProof proof = ReplayProof.of(tallies.streamTableJoin()).inputs(tallies::facts);
        String message = difference(proof.seed(77)).getMessage();
        String seed = message.replaceAll("(?s).*seed\\((-?\\d+)L\\).*", "$1");

        assertThat(difference(proof.seed(Long.parseLong(seed)).schedules(1)).getMessage())
                .isEqualTo(message);
    }

    @Test
    void doorsThatRefuseDifferentlyDiffer() {
        List<String> seen = new ArrayList<>();
        ReplayProof proof = ReplayProof.of(tallies.moods(text -> {
                    seen.add(text);
                    return seen.size() % 2 == 0; // of an odd number of records every other run refuses the last
                }))
                .inputs(History.empty().put(tallies.left(), "a", fact("one")))
                .schedules(1);

        assertThat(difference(proof).getMessage())
                .startsWith("the dead letters end differently for shop.left.v1 partition 0 offset 0: invalid")
                .contains("live       let in", "otherwise  refused");
    }

    @Test
    void aProductThatThrowsIsNamedWithItsSeed() {
        ReplayProof proof = ReplayProof.of(tallies.breaksOn("text-1"))
                .inputs(tallies::factsAtLeft)
                .seed(12);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(proof::holds)
                .withMessageContaining("product shop.tally throws")
                .withMessageContaining("seed(12L)")
                .withStackTraceContaining("broken");
    }

    @Test
    void comparingNothingIsNoProof() {
        ReplayProof proof =
                ReplayProof.of(tallies.nothing()).inputs(tallies::factsAtLeft).schedules(2);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(proof::holds)
                .withMessageContaining("nothing was ever published in ");
        proof.mayPublishNothing().holds();
    }

    @Test
    void whereAPortDeclaresItsKeyRecordsComeUnderOtherKeysAsWell() {
        SourcePort<GenericRecord> unkeyed = Tallies.rows("unkeyed").build();
        SourcePort<GenericRecord> keyed = Tallies.rows("keyed").key("text").build();

        assertThat(ForeignKeys.in(rows(unkeyed).inputs(), new SplittableRandom(1)))
                .hasSize(6);
        assertThat(ForeignKeys.in(rows(keyed).inputs(), new SplittableRandom(1)))
                .hasSizeBetween(7, 8);
        ReplayProof.of(tallies.copy(keyed)).inputs(rows(keyed)).holds();
    }

    @Test
    void valuesComeBrokenAsWell() {
        SourcePort<GenericRecord> rows = Tallies.rows("broken").build();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(ReplayProof.of(tallies.breaksOnADeletion(rows)).inputs(rows(rows))::holds)
                .withStackTraceContaining("broken by a deletion");
        ReplayProof.of(tallies.copy(rows)).inputs(rows(rows)).holds();
    }

    private static History rows(SourcePort<GenericRecord> port) {
        History history = History.empty();
        for (int row = 0; row < 6; row++) {
            history.put(port, "row-" + row, fact("row-" + row));
        }
        return history;
    }

    @Test
    void aProofNeedsAHistory() {
        assertThatIllegalStateException()
                .isThrownBy(ReplayProof.of(tallies.nothing())::holds)
                .withMessageContaining("inputs(…)");
    }

    @Test
    void aRecordedHistoryMayHoldDeletionsAndBytesOfAnyKind() {
        Facts mall = new Facts("mall");
        History history = History.empty()
                .put(mall.facts, "a", fact("one"))
                .put(mall.facts, "b", fact("two"))
                .raw(mall.facts, new byte[] {1}, new byte[] {2, 3}, NOON)
                .delete(mall.facts, "a", NOON)
                .put(mall.facts, "c", fact("elsewhere"))
                .inPartition(2);

        ReplayProof.of(new Facts("shop").reader(mall.facts))
                .inputs(history)
                .schedules(20)
                .holds();
    }

    private static ReplayDifference difference(ReplayProof proof) {
        ReplayDifference found = catchThrowableOfType(ReplayDifference.class, proof::holds);
        assertThat(found).as("a difference was found").isNotNull();
        return found;
    }
}
