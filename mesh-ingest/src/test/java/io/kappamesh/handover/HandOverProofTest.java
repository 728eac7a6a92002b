package io.kappamesh.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.handover.HandOverReport.Part;
import io.kappamesh.handover.HandOverReport.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
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

        HandOverReport found = proof.report();

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

        HandOverReport found = proof.report();

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

        assertThat(proof.report().parts().get(0).verdict()).isEqualTo(Verdict.OVERLAP);
        assertThat(proof.report().isProven()).isFalse();
    }

    @Test
    void otherRecordsOfTheSameNumberAreNotTheSame() {
        row("a", -1);
        row("b", 1);
        written("a", -2);
        written("b", 1);

        assertThat(proof.report().parts().get(0).verdict()).isEqualTo(Verdict.DIFFERENT);
    }

    @Test
    void archiveThatEndsBeforeTheHandOverProvesNothing() {
        row("a", -1);
        written("a", -1);
        written("b", 1);

        assertThat(proof.report().agrees()).isTrue();
        assertThat(proof.report().isProven()).isFalse();
    }

    @Test
    void recordsThatCannotBeReadLeaveItOpen() {
        row("a", -1);
        row("b", 1);
        written("a", -1);
        written("b", 1);
        proof.unreadable();
        proof.refused();

        assertThat(proof.report().isProven()).isFalse();
        assertThat(proof.report().unreadable()).isOne();
        assertThat(proof.report().refused()).isOne();
    }
}
