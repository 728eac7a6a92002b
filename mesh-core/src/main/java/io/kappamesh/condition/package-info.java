/**
 * Conditions on records that are data and not code, so that a reader's demands can be checked by somebody who has none of his code.
 *
 * <p>Reading order: {@link io.kappamesh.condition.Condition} is what a domain writes; {@code ConditionParser} makes {@code Clause}s of its
 * text, which look at {@code FieldPath}s and compare {@code Operand}s.
 */
@NullMarked
package io.kappamesh.condition;

import org.jspecify.annotations.NullMarked;
