package io.kappamesh.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.handover.HandOverReport.Part;
import io.kappamesh.handover.HandOverReport.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandOverProofTest {
    private static final Instant HAND_OVER = Instant.parse("2026-03-02T00:00:00Z");
    private static final long HOUR = 3_600_000;

    private final HandOverProof proof = new HandOverProof("shop.sales.v1", HAND_OVER, 1);

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Hours from the hand-over. */
    private void row(String key, int hours) {
        proof.row(key(key), HAND_OVER.toEpochMilli() + hours * HOUR);
    }

    private void written(String key, int hours) {
        proof.record(key(key), HAND_OVER.toEpochMilli() + hours * HOUR);
    }

    @Test
    void sameRowsAndRecordsOnBothSidesAreProven() {
        row("a", -30);
        row("b", -1);
        row("b", -1);
        row("c", 0);
        row("d", 5);
        written("d", 5);
        written("b", -1);
        written("a", -30);
        written("b", -1);
        written("c", 0);
        written("of nobody else", 3);
        written("later than the archive", 6);

        HandOverReport found = proof.report(Set.of());

        assertThat(found.isProven()).isTrue();
        assertThat(found.sharedRows()).isEqualTo(2);
        assertThat(found.parts())
                .containsExactly(
                        new Part(LocalDate.of(2026, 2, 28), 0, false, 1, 1, 0, Verdict.EQUAL),
                        new Part(LocalDate.of(2026, 3, 1), 0, false, 2, 2, 0, Verdict.EQUAL),
                        new Part(LocalDate.of(2026, 3, 2), 0, true, 2, 3, 0, Verdict.EQUAL));
    }

    @Test
    void rowThatIsMissingOnEitherSideIsAGap() {
        row("a", -1);
        row("b", -1);
        row("c", 1);
        row("c", 1);
        row("d", 2);
        written("a", -1);
        written("c", 1);
        written("e", 1);
        written("d", 2);

        HandOverReport found = proof.report(Set.of());

        assertThat(found.isProven()).isFalse();
        assertThat(found.parts())
                .containsExactly(
                        new Part(LocalDate.of(2026, 3, 1), 0, false, 2, 1, 1, Verdict.GAP),
                        new Part(LocalDate.of(2026, 3, 2), 0, true, 3, 3, 1, Verdict.GAP));
    }

    @Test
    void whatLiveWritersWroteBeforeTheHandOverIsAnOverlap() {
        row("a", -1);
        row("b", 1);
        written("a", -1);
        written("a", -1);
        written("b", 1);

        assertThat(proof.report(Set.of()).parts().get(0).verdict()).isEqualTo(Verdict.OVERLAP);
        assertThat(proof.report(Set.of()).isProven()).isFalse();
    }

    @Test
    void otherRecordsOfTheSameNumberAreNotTheSame() {
        row("a", -1);
        row("b", 1);
        written("a", -2);
        written("b", 1);

        assertThat(proof.report(Set.of()).parts().get(0).verdict()).isEqualTo(Verdict.DIFFERENT);
    }

    /** More often than the archive has them; what only live writers have may be there as often as they like. */
    @Test
    void rowsFromTheHandOverOnThatAreThereTwiceAreAnOverlap() {
        row("a", -1);
        row("b", 1);
        row("b", 1);
        row("c", 2);
        written("a", -1);
        written("b", 1);
        written("b", 1);
        written("c", 2);
        written("late", 2);
        written("late", 2);
        assertThat(proof.report(Set.of()).isProven()).isTrue();

        written("b", 1);

        assertThat(proof.report(Set.of()).parts().get(1).verdict()).isEqualTo(Verdict.OVERLAP);
        assertThat(proof.report(Set.of()).isProven()).isFalse();
    }

    @Test
    void rowsThatTheBrokersMayHaveDeletedAreNoGap() {
        row("a", -1);
        row("b", 1);
        row("c", 1);
        written("b", 1);

        assertThat(proof.report(Set.of(0)).parts())
                .extracting(Part::verdict)
                .containsExactly(Verdict.DELETED, Verdict.DELETED);
        assertThat(proof.report(Set.of(1)).parts()).extracting(Part::verdict).containsExactly(Verdict.GAP, Verdict.GAP);
        assertThat(proof.report(Set.of(0)).isProven()).isFalse();
    }

    /** A live writer of other keys may not have run. */
    @Test
    void eachKeyRangeNeedsARowThatBothHave() {
        HandOverProof two = new HandOverProof("shop.sales.v1", HAND_OVER, 2);
        long before = HAND_OVER.toEpochMilli() - 1;
        for (int number = 0; number < 20; number++) {
            two.row(key("k" + number), before);
            two.record(key("k" + number), before);
        }
        two.row(key("k0"), HAND_OVER.toEpochMilli());
        two.record(key("k0"), HAND_OVER.toEpochMilli());

        HandOverReport one = two.report(Set.of());

        assertThat(one.agrees()).isTrue();
        assertThat(one.keyRanges()).isEqualTo(2);
        assertThat(one.keyRangesWithoutSharedRows()).isOne();
        assertThat(one.isProven()).isFalse();
        for (int number = 1; number < 20; number++) {
            two.row(key("k" + number), HAND_OVER.toEpochMilli());
            two.record(key("k" + number), HAND_OVER.toEpochMilli());
        }
        assertThat(two.report(Set.of()).isProven()).isTrue();
    }

    @Test
    void archiveThatEndsBeforeTheHandOverProvesNothing() {
        row("a", -1);
        written("a", -1);
        written("b", 1);

        assertThat(proof.report(Set.of()).agrees()).isTrue();
        assertThat(proof.report(Set.of()).isProven()).isFalse();
    }

    @Test
    void recordsThatCannotBeComparedLeaveItOpen() {
        row("a", -1);
        row("b", 1);
        written("a", -1);
        written("b", 1);
        proof.refused();
        assertThat(proof.report(Set.of()).isProven()).isTrue();

        proof.keyless();
        assertThat(proof.report(Set.of()).isProven()).isFalse();
        assertThat(proof.report(Set.of()).keyless()).isOne();
        proof.unreadable();
        assertThat(proof.report(Set.of()).unreadable()).isOne();
        assertThat(proof.report(Set.of()).refused()).isOne();
    }
}
