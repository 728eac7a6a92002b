package io.kappamesh.offence;

/**
 * Records that a candidate refuses by a rule. An immutable value.
 *
 * @param topic where they were read
 * @param rule its name
 * @param fresh how many of them the generation that serves does not refuse by this rule
 * @param refused how many there are
 * @param key of the first fresh one, or of the first one; a mask where it may be made of classified fields
 * @param partition of that record
 * @param offset of that record
 */
public record RuleOffence(
        String topic, String rule, long fresh, long refused, String key, int partition, long offset) {}
