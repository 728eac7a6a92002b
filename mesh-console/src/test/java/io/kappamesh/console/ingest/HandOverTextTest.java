package io.kappamesh.console.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.handover.HandOverReport;
import io.kappamesh.handover.HandOverReport.Part;
import io.kappamesh.handover.HandOverReport.Verdict;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandOverTextTest {
    private static final LocalDate BEFORE = LocalDate.of(2026, 2, 28);
    private static final LocalDate AFTER = LocalDate.of(2026, 3, 1);

    private static List<String> text(long unreadable, long keyless, Part... parts) {
        return HandOverText.of(new HandOverReport(
                "shop.sales.v1", Instant.parse("2026-03-01T00:00:00Z"), List.of(parts), 0, unreadable, keyless));
    }

    private static Part part(LocalDate day, int range, long rows, long records, long missing, Verdict verdict) {
        return new Part(day, range, day.equals(AFTER), rows, records, missing, verdict);
    }

    @Test
    void proofSaysWhatWasCompared() {
        assertThat(text(0, 0, part(BEFORE, 0, 5, 5, 0, Verdict.EQUAL), part(AFTER, 0, 2, 3, 0, Verdict.EQUAL)))
                .containsExactly(
                        "shop.sales.v1: the hand-over at 2026-03-01T00:00:00Z is proven: no gap, no overlap",
                        "  before it:  5 rows of the archive, 5 records, in 1 days and 1 key ranges",
                        "  from it on: 2 rows of the archive, 3 records, in 1 days and 1 key ranges");
    }

    @Test
    void keyRangesWithoutASharedRowComeFirst() {
        assertThat(text(
                        0,
                        0,
                        part(BEFORE, 0, 5, 5, 0, Verdict.EQUAL),
                        part(BEFORE, 1, 5, 5, 0, Verdict.EQUAL),
                        part(AFTER, 0, 2, 3, 0, Verdict.EQUAL)))
                .first()
                .asString()
                .endsWith("is NOT proven: in 1 of 2 key ranges, archive and topic share no row from it on");
    }

    @Test
    void whatDiffersAndWhatWasNotComparedIsNamed() {
        assertThat(text(
                        2,
                        1,
                        part(BEFORE, 0, 5, 3, 2, Verdict.DELETED),
                        part(BEFORE, 1, 5, 4, 1, Verdict.GAP),
                        part(AFTER, 0, 2, 3, 0, Verdict.OVERLAP),
                        part(AFTER, 1, 1, 1, 0, Verdict.EQUAL)))
                .contains(
                        "shop.sales.v1: the hand-over at 2026-03-01T00:00:00Z is NOT proven",
                        "  2 records of the topic have a value or an event time that cannot be read, and were not compared",
                        "  1 records of the topic have no key, and were not compared",
                        "  2026-02-28, key range 0: a gap, or deleted by the brokers: 2 rows are missing, and the first records of"
                                + " this partition are deleted; 5 rows, 3 records",
                        "  2026-02-28, key range 1: a gap: 1 rows are missing; 5 rows, 4 records",
                        "  2026-03-01, key range 0, live: an overlap, records that are there twice: 2 rows, 3 records");
    }
}
