package io.kappamesh.display;

import io.kappamesh.deploy.DeployReport;
import io.kappamesh.deploy.DeployReport.ConsumerVerdict;
import io.kappamesh.deploy.DeployReport.History;
import io.kappamesh.deploy.DeployReport.Offence;
import io.kappamesh.deploy.DeployReport.PortVerdict;
import io.kappamesh.deploy.DeployReport.RuleVerdict;
import java.util.ArrayList;
import java.util.List;

/** Whether a build can be deployed, for a human. Stateless. */
public final class DeployText {
    private static final int WIDEST = 2_000;

    private DeployText() {}

    /** A block for each port, and the answer. */
    public static List<String> of(DeployReport report) {
        List<String> lines = new ArrayList<>();
        report.ports().forEach(port -> port(port, lines));
        report.rules().forEach(rules -> rules(rules, lines));
        report.inputs().forEach(input -> lines.add("input NO  " + Plain.text(input, WIDEST)));
        report.leftOut().forEach(what -> lines.add("not read: " + Plain.text(what, WIDEST)));
        report.starts().forEach(start -> lines.add("start    " + Plain.text(start, WIDEST)));
        lines.add(report.isPossible() ? "yes" : "no");
        return lines;
    }

    private static void port(PortVerdict port, List<String> lines) {
        lines.add(Plain.text(port.port(), WIDEST) + "   of " + Plain.text(port.product(), WIDEST)
                + history(port.history()));
        port.breaches().forEach(breach -> lines.add("  NO   " + Plain.text(breach, WIDEST)));
        if (port.consumers().isEmpty() && port.undeclared().isEmpty()) {
            lines.add("  nobody reads it, as far as the catalogue knows");
        }
        port.consumers().forEach(consumer -> consumer(consumer, lines));
        port.undeclared()
                .forEach(group -> lines.add("  ?    " + Plain.text(group, WIDEST)
                        + ": a consumer group of which no product says so; what it needs is not known"));
    }

    private static void rules(RuleVerdict rules, List<String> lines) {
        lines.add(
                Plain.text(rules.port(), WIDEST) + "   new or stricter rules of " + Plain.text(rules.product(), WIDEST)
                        + (rules.history().topic().isEmpty()
                                ? "; no records were read"
                                : "; " + HumanNumbers.count(rules.history().records()) + " records of "
                                        + rules.history().topic()));
        rules.offences().forEach(offence -> lines.add("  " + broken(offence, rules)));
        rules.unchecked().forEach(what -> lines.add("  not checked: " + Plain.text(what, WIDEST)));
        if (rules.offences().isEmpty() && rules.unchecked().isEmpty()) {
            lines.add("  they hold for all of them");
        }
    }

    private static String broken(Offence offence, RuleVerdict rules) {
        long all = offence.records() + offence.already();
        String what = Plain.text(offence.detail(), WIDEST) + ": ";
        String example = first(offence);
        if (!rules.isInput()) {
            return what + "not for " + HumanNumbers.count(all) + " records, the first of them" + example;
        }
        String would = what + (offence.stops() ? "would stop at the first of " : "would refuse ");
        return offence.records() == 0
                ? would + HumanNumbers.count(all) + " records, all of them refused today, such as" + example
                : would + HumanNumbers.count(offence.records()) + " records"
                        + (rules.knowsToday() ? " that are taken today," : ",")
                        + (offence.stops() ? "" : " the first of them") + example
                        + (offence.already() == 0
                                ? ""
                                : ", besides " + HumanNumbers.count(offence.already()) + " that are refused today");
    }

    private static String first(Offence offence) {
        return " key " + Plain.text(offence.key()) + " (partition " + offence.partition() + ", offset "
                + offence.offset() + ")";
    }

    private static String history(History history) {
        if (history.topic().isEmpty()) {
            return "; no records were read";
        }
        return "; " + HumanNumbers.count(history.records()) + " records of " + history.topic()
                + (history.ofCandidate()
                        ? ", which a candidate wrote"
                        : ", as this build's schema has them"
                                + (history.unfit() == 0
                                        ? ""
                                        : "; " + HumanNumbers.count(history.unfit()) + " of them do not fit into it"));
    }

    private static void consumer(ConsumerVerdict consumer, List<String> lines) {
        lines.add((consumer.isPossible() ? "  yes  " : "  NO   ") + Plain.text(consumer.consumer(), WIDEST));
        consumer.breaches().forEach(breach -> lines.add("         " + Plain.text(breach, WIDEST)));
        consumer.offences().forEach(offence -> lines.add("         " + offence(offence)));
        consumer.unchecked().forEach(what -> lines.add("         not checked: " + Plain.text(what, WIDEST)));
    }

    private static String offence(Offence offence) {
        String what = Plain.text(offence.reason() + ": " + offence.detail(), WIDEST);
        String first = first(offence);
        String already = offence.already() == 0
                ? ""
                : HumanNumbers.count(offence.already()) + " records that it refuses today already";
        return offence.records() == 0
                ? what + ": " + already + ", such as" + first
                : what + (offence.stops() ? ": it would stop at the first of " : ": it would refuse ")
                        + HumanNumbers.count(offence.records()) + " records,"
                        + (offence.stops() ? "" : " the first of them") + first
                        + (already.isEmpty() ? "" : ", besides " + already);
    }
}
