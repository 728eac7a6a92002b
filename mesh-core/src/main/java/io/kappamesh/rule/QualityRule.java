package io.kappamesh.rule;

import io.kappamesh.Internal;
import io.kappamesh.declaration.Problems;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Something that holds for every record of a port, by its owner's promise or by its reader's demand.
 *
 * @param name short and stable, in lower case with hyphens: {@code quantity-positive}; it appears in dead letters and metrics
 * @param description what holds, for a reader of the catalogue
 * @param holds a pure function; must be safe to call from several threads. A {@link io.kappamesh.condition.Condition} stands in the catalogue
 * @param policy what becomes of a record for which it does not hold
 */
public record QualityRule<V>(String name, String description, Predicate<? super V> holds, RulePolicy policy) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    public QualityRule {
        Problems problems = new Problems("quality rule '" + name + "'");
        problems.unless(NAME.matcher(name).matches(), "a name is lower case letters, digits and hyphens");
        problems.unless(!description.isBlank(), "say in a sentence what holds");
        problems.throwIfAny();
    }

    /** Whether it holds for a record. A rule that throws does not hold: it cannot tell. */
    @Internal
    public boolean isMetBy(V value) {
        try {
            return holds.test(value);
        } catch (RuntimeException cannotTell) {
            return false;
        }
    }

    /** A rule whose offenders are dead letters. */
    public QualityRule(String name, String description, Predicate<? super V> holds) {
        this(name, description, holds, RulePolicy.DEAD_LETTER);
    }
}
