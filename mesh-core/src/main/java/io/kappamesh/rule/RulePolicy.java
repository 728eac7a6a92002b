package io.kappamesh.rule;

import java.util.Locale;

/** What becomes of a record for which a rule does not hold. It is the same live and in a replay. */
public enum RulePolicy {
    /** It is processed, and counted. */
    WARN,
    /** It is refused at the intake and kept as a dead letter. */
    DEAD_LETTER,
    /** The product stops in front of it, with nothing of it committed, until a build takes it. A candidate stops alone. */
    STOP;

    /** The policy as it stands in the catalogue: {@code dead-letter}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The policy with this text.
     *
     * @throws IllegalArgumentException when there is no such policy
     */
    public static RulePolicy of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
