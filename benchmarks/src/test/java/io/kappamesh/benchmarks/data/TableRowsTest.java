package io.kappamesh.benchmarks.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableRowsTest {
    private static final String[] ROW = {
        "7-1", "1996-01-02T10:00:00Z", "7", "39", "AUTOMOBILE", "1821", "1", "12.00", "13309.60", "0.08", "0.03"
    };

    @Test
    void otherValueOrRowThatIsMissingOrComesTwiceMakesOtherRows() {
        String[] other = ROW.clone();
        other[7] = "13.00";
        TableRows one = TableRows.NONE.and(ROW);

        assertThat(one.and(other)).isEqualTo(TableRows.NONE.and(other).and(ROW)).isNotEqualTo(one.and(ROW));
        assertThat(TableRows.NONE.and(other)).isNotEqualTo(one).isNotEqualTo(TableRows.NONE);
    }
}
