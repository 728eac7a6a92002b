package io.kappamesh.console.ingest;

import io.kappamesh.display.HumanNumbers;
import io.kappamesh.handover.HandOverReport;
import io.kappamesh.handover.HandOverReport.Part;
import io.kappamesh.handover.HandOverReport.Verdict;
import java.util.ArrayList;
import java.util.List;

/** A proof of a hand-over in words. Stateless. */
final class HandOverText {
    /** So many parts that differ are shown. */
    private static final int MOST = 20;

    private HandOverText() {}

    static List<String> of(HandOverReport found) {
        List<String> lines = new ArrayList<>();
        lines.add(found.port() + ": the hand-over at " + found.handOver() + " is "
                + (found.isProven() ? "proven: no gap, no overlap" : "NOT proven"));
        lines.add("  before it:  " + counts(found, false));
        lines.add("  from it on: " + counts(found, true)
                + (found.sharedRows() == 0
                        ? "; nothing shows that live writers had everything from then on, because the archive has no row of that"
                                + " time"
                        : ""));
        if (found.refused() > 0) {
            lines.add("  " + HumanNumbers.count(found.refused())
                    + " rows are no records of the port, and were not compared");
        }
        if (found.unreadable() > 0) {
            lines.add("  " + HumanNumbers.count(found.unreadable())
                    + " records of the topic are no values of the port, and were not compared");
        }
        List<Part> differing = found.parts().stream()
                .filter(part -> part.verdict() != Verdict.EQUAL)
                .toList();
        differing.stream().limit(MOST).forEach(part -> lines.add("  " + part(part)));
        if (differing.size() > MOST) {
            lines.add("  and " + HumanNumbers.count(differing.size() - MOST) + " more days and key ranges");
        }
        return lines;
    }

    private static String counts(HandOverReport found, boolean isLive) {
        List<Part> parts =
                found.parts().stream().filter(part -> part.isLive() == isLive).toList();
        return HumanNumbers.count(parts.stream().mapToLong(Part::rows).sum()) + " rows of the archive, "
                + HumanNumbers.count(parts.stream().mapToLong(Part::records).sum())
                + " records, in "
                + HumanNumbers.count(parts.stream().map(Part::day).distinct().count())
                + " days and "
                + HumanNumbers.count(
                        parts.stream().mapToInt(Part::keyRange).distinct().count())
                + " key ranges";
    }

    private static String part(Part part) {
        String where = part.day() + ", key range " + part.keyRange() + (part.isLive() ? ", live" : "") + ": ";
        String counts = HumanNumbers.count(part.rows()) + " rows, " + HumanNumbers.count(part.records()) + " records";
        return where
                + switch (part.verdict()) {
                    case EQUAL -> "equal: " + counts;
                    case GAP -> "a gap: " + HumanNumbers.count(part.missing()) + " rows are missing; " + counts;
                    case OVERLAP -> "an overlap: " + counts;
                    case DIFFERENT -> "other records than rows: " + counts;
                };
    }
}
