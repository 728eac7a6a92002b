package io.kappamesh.rule;

import io.kappamesh.Internal;

/**
 * A rule that did not hold for a record at the intake. An immutable value.
 *
 * @param port whose rule it is
 * @param rule its name
 * @param policy what becomes of the record
 */
@Internal
public record BrokenRule(String port, String rule, RulePolicy policy) {}
