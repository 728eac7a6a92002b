package io.kappamesh.offence;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.rule.RulePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleChangesTest {
    private static final String NOTE = "note is not empty";

    @ParameterizedTest
    @CsvSource({
        "WARN, WARN, false, false",
        "WARN, DEAD_LETTER, true, true",
        "WARN, STOP, true, true",
        "DEAD_LETTER, WARN, false, false",
        "DEAD_LETTER, DEAD_LETTER, false, false",
        "DEAD_LETTER, STOP, true, true",
        "STOP, WARN, false, false",
        "STOP, DEAD_LETTER, false, false",
        "STOP, STOP, false, false"
    })
    void aRuleIsStricterWhenMoreBecomesOfARecord(
            RulePolicy before, RulePolicy after, boolean refuses, boolean promises) {
        RecordDescription today = rule(NOTE, before);
        RecordDescription next = rule(NOTE, after);

        assertThat(RuleChanges.refusing(today, next)).hasSize(refuses ? 1 : 0);
        assertThat(RuleChanges.promised(today, next)).hasSize(promises ? 1 : 0);
    }

    @Test
    void anotherConditionIsNewWhateverItsPolicyButWarningRefusesNothing() {
        RecordDescription today = rule(NOTE, RulePolicy.STOP);

        assertThat(RuleChanges.refusing(today, rule("amount > 0", RulePolicy.DEAD_LETTER)))
                .hasSize(1);
        assertThat(RuleChanges.refusing(today, rule("amount > 0", RulePolicy.WARN)))
                .isEmpty();
        assertThat(RuleChanges.promised(today, rule("amount > 0", RulePolicy.WARN)))
                .hasSize(1);
        assertThat(RuleChanges.refusing(null, rule(NOTE, RulePolicy.DEAD_LETTER)))
                .hasSize(1);
    }

    /** Of a function only the name is known. */
    @Test
    void aFunctionOfTheSameNameIsTakenForTheSame() {
        assertThat(RuleChanges.refusing(rule(null, RulePolicy.DEAD_LETTER), rule(null, RulePolicy.DEAD_LETTER)))
                .isEmpty();
        assertThat(RuleChanges.refusing(rule(NOTE, RulePolicy.DEAD_LETTER), rule(null, RulePolicy.DEAD_LETTER)))
                .hasSize(1);
    }

    private static RecordDescription rule(@Nullable String condition, RulePolicy policy) {
        return new RecordDescription(
                null,
                null,
                null,
                null,
                null,
                List.of(new RecordDescription.Rule("rule", "what holds", condition, policy.text())),
                1_000);
    }
}
