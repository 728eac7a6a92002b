package io.kappamesh.offence;

import io.kappamesh.Internal;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.intake.RecordTrial;
import io.kappamesh.rule.RulePolicy;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which rules ask for more than what is deployed. Stateless. */
@Internal
public final class RuleChanges {
    private RuleChanges() {}

    /**
     * Rules that refuse records, or stop in front of them, and are new, have another condition, or did less before: a rule that warns does less than one that
     * refuses, and that less than one that stops. A function of the same name may have changed; nobody sees that in a
     * declaration.
     *
     * @param today what is deployed; null = nothing
     */
    public static List<RecordDescription.Rule> refusing(@Nullable RecordDescription today, RecordDescription next) {
        return next.rules().stream()
                .filter(RuleChanges::refuses)
                .filter(rule -> rules(today).noneMatch(one -> asksAsMuch(one, rule)))
                .toList();
    }

    /**
     * Promises that are new, have another condition, or did less before with what {@code becomes} a record of the port. Those that only warn are among them.
     *
     * @param today what is deployed; null = nothing
     */
    public static List<RecordDescription.Rule> promised(@Nullable RecordDescription today, RecordDescription next) {
        return next.rules().stream()
                .filter(rule -> rules(today).noneMatch(one -> asksAsMuch(one, rule)))
                .toList();
    }

    private static Stream<RecordDescription.Rule> rules(@Nullable RecordDescription today) {
        return Stream.ofNullable(today).flatMap(known -> known.rules().stream());
    }

    private static boolean asksAsMuch(RecordDescription.Rule today, RecordDescription.Rule next) {
        return today.name().equals(next.name())
                && Objects.equals(today.condition(), next.condition())
                && rank(today.action()) >= rank(next.action());
    }

    private static int rank(RulePolicy policy) {
        return switch (policy) {
            case WARN -> 0;
            case DEAD_LETTER -> 1;
            case STOP -> 2;
        };
    }

    /** Whether a reader stops in front of what breaks the rule. */
    public static boolean stops(RecordDescription.Rule rule) {
        return rule.action() == RulePolicy.STOP;
    }

    /** Whether a reader stops in front of a record that is refused here. */
    public static boolean stops(RecordTrial.Refusal refusal) {
        return refusal.broken() != null && refusal.broken().policy() == RulePolicy.STOP;
    }

    /** Whether a reader does not process what breaks the rule: it is a dead letter, or the reader stops. */
    public static boolean refuses(RecordDescription.Rule rule) {
        return rule.action() != RulePolicy.WARN;
    }
}
