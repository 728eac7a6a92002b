/**
 * Rules about the records of a port: {@link io.kappamesh.rule.QualityRule} is what holds, {@link io.kappamesh.rule.RulePolicy} what happens to a record for which it
 * does not.
 */
@NullMarked
package io.kappamesh.rule;

import org.jspecify.annotations.NullMarked;
