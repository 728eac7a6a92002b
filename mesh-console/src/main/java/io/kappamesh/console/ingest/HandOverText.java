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
        lines.add(found.port() + ": the hand-over at " + found.handOver() + " is " + headline(found));
        lines.add("  before it:  " + counts(found, false));
        lines.add("  from it on: " + counts(found, true)
                + (found.sharedRows() == 0
                        ? "; nothing shows that live writers had everything from then on, because no row of that time is in the"
                                + " archive and in the topic"
                        : ""));
        add(lines, found.refused(), "rows are no records of the port, and were not compared");
        add(
                lines,
                found.unreadable(),
                "records of the topic have a value or an event time that cannot be read, and were not compared");
        add(lines, found.keyless(), "records of the topic have no key, and were not compared");
        List<Part> differing = found.parts().stream()
                .filter(part -> part.verdict() != Verdict.EQUAL)
                .toList();
        differing.stream().limit(MOST).forEach(part -> lines.add("  " + part(part)));
        if (differing.size() > MOST) {
            lines.add("  and " + HumanNumbers.count(differing.size() - MOST) + " more days and key ranges");
        }
        return lines;
    }

    private static String headline(HandOverReport found) {
        if (found.isProven()) {
            return "proven: no gap, no overlap";
        }
        return "NOT proven"
                + (found.keyRangesWithoutSharedRows() > 0
                        ? ": in " + HumanNumbers.count(found.keyRangesWithoutSharedRows()) + " of "
                                + HumanNumbers.count(found.keyRanges())
                                + " key ranges, archive and topic share no row from it on"
                        : "");
    }

    private static void add(List<String> lines, long number, String what) {
        if (number > 0) {
            lines.add("  " + HumanNumbers.count(number) + " " + what);
        }
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
                    case DELETED ->
                        "a gap, or deleted by the brokers: " + HumanNumbers.count(part.missing())
                                + " rows are missing, and the first records of this partition are deleted; " + counts;
                    case OVERLAP ->
                        (part.isLive() ? "an overlap, records that are there twice: " : "an overlap: ") + counts;
                    case DIFFERENT -> "other records than rows: " + counts;
                };
    }
}
