package io.kappamesh.policy;

/** What a violation of a policy leads to. */
public enum Severity {
    /** The policy is not asked. */
    OFF,
    /** It is reported: in the log of a start, by {@code check}, in the catalogue. */
    WARN,
    /** It is refused: the build fails, and the product does not start. */
    REFUSE
}
