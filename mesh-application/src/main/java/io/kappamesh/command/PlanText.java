package io.kappamesh.command;

import io.kappamesh.contract.Exemption;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.plan.Downstream;
import io.kappamesh.plan.InputPlan;
import io.kappamesh.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A plan for a human. */
final class PlanText {
    private PlanText() {}

    static List<String> of(Plan plan) {
        List<String> lines = new ArrayList<>();
        lines.add("Replay of " + plan.product() + " as " + plan.next());
        plan.change().ifPresent(change -> {
            lines.add("  build   " + change.build() + " beside " + change.servingBuild() + ", which serves: "
                    + change.category().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " changes");
            change.details().forEach(detail -> lines.add("            " + detail));
            lines.add("          " + change.category().consequence());
        });
        for (InputPlan input : plan.inputs()) {
            lines.add("  reads   " + input.topic() + ": " + HumanNumbers.count(input.records()) + " records at most, "
                    + input.partitions() + " partitions, " + size(input.bytes()));
        }
        lines.add("  takes   " + size(plan.bytes()) + " of disk, times the replicas: shadow topics and changelogs");
        lines.add(
                "  lasts   "
                        + plan.estimated()
                                .map(HumanNumbers::time)
                                .orElse(
                                        "as long as it takes; nobody measured it yet: `prove` does, or give a rate with --rate"));
        plan.downstream().forEach(reader -> lines.add("  reaches " + reached(reader)));
        if (plan.downstream().isEmpty()) {
            lines.add("  reaches no product that can be seen");
        }
        plan.exemptions().forEach(exemption -> lines.add("  exempt  from " + exemption));
        plan.warnings().forEach(warning -> lines.add("  note    " + warning));
        plan.refusals().forEach(refusal -> lines.add("  REFUSED " + refusal));
        return lines;
    }

    /** A product that reads on, and whether it follows corrections. */
    static String reached(Downstream reader) {
        return reader.product() + ", which reads " + String.join(", ", reader.reads()) + seen(reader)
                + (reader.follows()
                        ? " and follows by itself"
                        : " and MAY NOT FOLLOW: it is exempt from "
                                + reader.exemptions().stream()
                                        .map(Exemption::toString)
                                        .collect(Collectors.joining("; and from ")));
    }

    /** In records. */
    private static String seen(Downstream reader) {
        return reader.reach()
                .map(reach -> reach.corrections().isPresent()
                        ? ", sees " + HumanNumbers.count(reach.corrections().getAsLong()) + " records corrected"
                        : ", sees at most " + HumanNumbers.count(reach.atMost())
                                + " records corrected (`verify` counts them)")
                .orElse(", sees what those make of it");
    }

    private static String size(OptionalLong bytes) {
        return bytes.isPresent() ? HumanNumbers.bytes(bytes.getAsLong()) : "a size that the brokers do not tell";
    }
}
