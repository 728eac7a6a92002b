package io.kappamesh.tpch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {

    private static final Answer EXPECTED = answer(row("MAIL", "64", "86.00"), row("SHIP", "61", "96"));

    @Test
    void orderOfRowsAndTrailingZerosAreNoDifference() {
        Answer same = answer(row("SHIP", "61.0", "96"), row("MAIL", "64", "86"));

        assertThat(same).isEqualTo(EXPECTED);
        assertThat(same.differencesFrom(EXPECTED)).isEmpty();
    }

    @Test
    void numbersThatDifferAreNamedWithBothValues() {
        Answer other = answer(row("MAIL", "64", "86.000001"), row("SHIP", "60", "96"));

        assertThat(other.differencesFrom(EXPECTED))
                .containsExactly("MAIL: low is 86.000001, expected 86", "SHIP: high is 60, expected 61");
    }

    @Test
    void missingRowsAndRowsTooManyAreNamed() {
        Answer other = answer(row("MAIL", "64", "86"), row("TRUCK", "1", "2"));

        assertThat(other.differencesFrom(EXPECTED))
                .containsExactly("SHIP: row is missing", "TRUCK: row is not expected");
    }

    @Test
    void answerToAnotherQuestionIsRefused() {
        Answer other = new Answer(List.of("mode"), List.of("high"), List.of());

        assertThatThrownBy(() -> other.differencesFrom(EXPECTED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("columns must be [mode] and [high, low] but were [mode] and [high]");
    }

    @Test
    void twoRowsOfOneKeyAreRefused() {
        assertThatThrownBy(() -> answer(row("MAIL", "1", "2"), row("MAIL", "1", "2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two rows");
    }

    @Test
    void rowThatDoesNotFitTheColumnsIsRefused() {
        assertThatThrownBy(() -> answer(row("MAIL", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not fit");
    }

    private static Answer answer(Answer.Row... rows) {
        return new Answer(List.of("mode"), List.of("high", "low"), List.of(rows));
    }

    private static Answer.Row row(String mode, String... measures) {
        return new Answer.Row(
                List.of(mode), List.of(measures).stream().map(BigDecimal::new).toList());
    }
}
