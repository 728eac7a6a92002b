package io.kappamesh.policy;

/**
 * Where a product is not as a policy asks. An immutable value.
 *
 * @param policy its id
 * @param severity what it leads to
 * @param where {@code port sales.orders.v1, field lines[].tax}
 * @param problem what is wrong there
 * @param remedy what to do
 */
public record Violation(String policy, Severity severity, String where, String problem, String remedy) {

    /** As a sentence. */
    public String message() {
        return where + ": " + problem + "; " + remedy + " (policy " + policy + ")";
    }
}
