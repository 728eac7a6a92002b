package io.kappamesh.command;

import io.kappamesh.compare.FieldDifference;
import io.kappamesh.compare.HorizonReport;
import io.kappamesh.compare.PortChange;
import io.kappamesh.compare.PortReport;
import io.kappamesh.compare.Sample;
import io.kappamesh.compare.Verification;
import io.kappamesh.display.HumanNumbers;
import java.util.ArrayList;
import java.util.List;

/** What a comparison found, for a human. */
final class VerificationText {
    private static final int SAMPLES = 5;

    private VerificationText() {}

    static List<String> of(Verification found) {
        List<String> lines = new ArrayList<>();
        lines.add(found.product() + ": candidate g" + found.candidate() + " beside g" + found.serving()
                + ", which serves: " + verdict(found));
        found.ports().forEach(port -> describe(port, lines));
        return lines;
    }

    private static String verdict(Verification found) {
        if (!found.agrees()) {
            return "they DIFFER";
        }
        if (found.ports().stream().allMatch(port -> port.expected() == 0)) {
            return "no difference";
        }
        long keys = found.ports().stream()
                .filter(port -> port.change() != PortChange.REMOVED)
                .mapToLong(PortReport::expected)
                .sum();
        return "they differ as expected" + (keys == 0 ? "" : ", in " + HumanNumbers.count(keys) + " keys");
    }

    private static void describe(PortReport port, List<String> lines) {
        if (port.change() == PortChange.REMOVED) {
            lines.add("  " + port.topic()
                    + ": the candidate does not publish it; once it serves, nobody writes it, and it keeps what"
                    + " it says" + (port.agrees() ? " (as expected)" : ""));
            return;
        }
        if (port.change() == PortChange.ADDED) {
            lines.add(
                    "  " + port.topic() + ": only the candidate publishes it; what it has is published when it serves");
        }
        lines.add("  " + port.topic() + ": " + HumanNumbers.count(port.servingKeys()) + " keys serving, "
                + HumanNumbers.count(port.candidateKeys()) + " in the candidate, " + HumanNumbers.count(port.equal())
                + " equal");
        count("changed", port.changed(), lines);
        count("of another timestamp only", port.timestampOnly(), lines);
        count("only serving", port.onlyServing(), lines);
        count("only in the candidate", port.onlyCandidate(), lines);
        count("that cannot be read", port.undecodable(), lines);
        count("as expected", port.expected(), lines);
        HorizonReport horizon = port.horizon();
        if (horizon != null) {
            count("that differ beyond the horizon, and are left alone", horizon.keys(), lines);
            lines.add("    horizon: "
                    + (horizon.from() == null
                            ? "nothing of it can be recomputed"
                            : "what is older than " + horizon.from() + " cannot be recomputed")
                    + ", because " + String.join("; and ", horizon.reasons()));
        }
        count("overtaken, to be compared at the next cut", port.overtaken(), lines);
        port.fields().forEach((field, keys) -> lines.add("      " + field + " in " + HumanNumbers.count(keys)));
        port.samples().stream()
                .filter(sample -> !sample.expected())
                .limit(SAMPLES)
                .forEach(sample -> show(sample, lines));
    }

    private static void count(String what, long keys, List<String> lines) {
        if (keys > 0) {
            lines.add("    " + HumanNumbers.count(keys) + " " + what);
        }
    }

    private static void show(Sample sample, List<String> lines) {
        lines.add("    e.g. " + sample.key() + ": " + sample.kind());
        for (FieldDifference field : sample.fields()) {
            lines.add("      " + field.path() + ": " + field.serving() + " -> " + field.candidate());
        }
    }
}
