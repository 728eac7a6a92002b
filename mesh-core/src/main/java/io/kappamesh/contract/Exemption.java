package io.kappamesh.contract;

import io.kappamesh.declaration.Problems;

/**
 * A deliberate exception from a rule that keeps a replay equal to live, and why it does no harm here.
 *
 * @param rule the rule's id: {@code clock}
 * @param where what the rule would object to: the name of a processor or store, or {@code Class.method}
 * @param reason why the result stays the same all the same, for whoever reads the product's description
 */
public record Exemption(String rule, String where, String reason) {
    public Exemption {
        Problems problems = new Problems("exemption from '" + rule + "' at '" + where + "'");
        problems.unless(!rule.isBlank(), "the rule is missing; give the id that the finding names");
        problems.unless(
                !where.isBlank(),
                "the place is missing; give the processor, the store or the Class.method that the finding names");
        problems.unless(
                !reason.isBlank(), "the reason is missing; say why a replay gives the same result nevertheless");
        problems.throwIfAny();
    }

    /** As a sentence: {@code clock at Steps.day: …}. */
    @Override
    public String toString() {
        return rule + " at " + where + ": " + reason;
    }
}
