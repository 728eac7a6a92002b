package io.kappamesh.rule;

import io.kappamesh.Internal;

/** A record came for which a rule does not hold whose policy is to stop. Its message has no value of the record. */
@Internal
public final class RuleStopException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param detail what does not hold, in a sentence
     * @param place topic, partition and offset
     */
    public RuleStopException(BrokenRule broken, String detail, String place) {
        super("port " + broken.port() + ": the record at " + place + ": " + detail
                + "; the policy of the rule is to stop; correct or end the rule, or give it the policy DEAD_LETTER, and"
                + " start again");
    }
}
