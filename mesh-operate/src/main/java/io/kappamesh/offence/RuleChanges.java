package io.kappamesh.offence;

import io.kappamesh.Internal;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.rule.RulePolicy;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which rules ask for more than what is deployed. Stateless. */
@Internal
public final class RuleChanges {
    private RuleChanges() {}

    /**
     * Rules that refuse records and are new, have another condition, or only warned before. A function of the same name may have changed; nobody sees that in a
     * declaration.
     *
     * @param today what is deployed; null = nothing
     */
    public static List<RecordDescription.Rule> refusing(@Nullable RecordDescription today, RecordDescription next) {
        return next.rules().stream()
                .filter(RuleChanges::refuses)
                .filter(rule -> rules(today).noneMatch(one -> isSame(one, rule) && refuses(one)))
                .toList();
    }

    /**
     * Promises that are new or have another condition, whatever their policy.
     *
     * @param today what is deployed; null = nothing
     */
    public static List<RecordDescription.Rule> promised(@Nullable RecordDescription today, RecordDescription next) {
        return next.rules().stream()
                .filter(rule -> rules(today).noneMatch(one -> isSame(one, rule)))
                .toList();
    }

    private static Stream<RecordDescription.Rule> rules(@Nullable RecordDescription today) {
        return Stream.ofNullable(today).flatMap(known -> known.rules().stream());
    }

    private static boolean isSame(RecordDescription.Rule one, RecordDescription.Rule other) {
        return one.name().equals(other.name()) && Objects.equals(one.condition(), other.condition());
    }

    private static boolean refuses(RecordDescription.Rule rule) {
        return rule.action() != RulePolicy.WARN;
    }
}
