package io.kappamesh.intake;

import io.kappamesh.rule.BrokenRule;
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

    Rejection {
        detail = detail.length() <= LONGEST ? detail : detail.substring(0, LONGEST) + "…";
    }

    Rejection(Reason reason, String detail) {
        this(reason, detail, null);
    }
}
