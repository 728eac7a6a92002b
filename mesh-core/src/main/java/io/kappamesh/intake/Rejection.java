package io.kappamesh.intake;

import io.kappamesh.rule.BrokenRule;
import io.kappamesh.rule.QualityRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a record is rejected.
 *
 * @param reason the category
 * @param detail what exactly is wrong, in a sentence without any value of the record. It is cut after {@value #LONGEST} characters, because
 *     it may contain field names of a foreign schema, or text from the domain
 * @param broken the rule that does not hold; null = it is no matter of a rule
 */
record Rejection(Reason reason, String detail, @Nullable BrokenRule broken) {
    static final int LONGEST = 2_000;

    private static final String RULE = "rule ";
    private static final String DOES_NOT_HOLD = " does not hold: ";

    Rejection {
        detail = detail.length() <= LONGEST ? detail : detail.substring(0, LONGEST) + "…";
    }

    Rejection(Reason reason, String detail) {
        this(reason, detail, null);
    }

    /**
     * For a rule that does not hold.
     *
     * @param port whose rule it is
     */
    static Rejection of(String port, QualityRule<?> rule) {
        return new Rejection(
                Reason.QUALITY,
                RULE + rule.name() + DOES_NOT_HOLD + rule.description(),
                new BrokenRule(port, rule.name(), rule.policy()));
    }

    /** The name of the rule in a detail; empty = it is about no rule. */
    static Optional<String> ruleIn(String detail) {
        int end = detail.indexOf(DOES_NOT_HOLD);
        return detail.startsWith(RULE) && end > 0
                ? Optional.of(detail.substring(RULE.length(), end))
                : Optional.empty();
    }
}
