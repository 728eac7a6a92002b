package io.kappamesh.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseFaultTest {
    @ParameterizedTest
    @CsvSource({
        "22001, true", // a text too long
        "22003, true", // a number out of range
        "54000, true", // an index row too long
        "22P04, false", // no row of COPY: a fault of the loader
        "23505, false",
        "08006, false",
    })
    void onlyWhatIsInARecordIsItsFault(String state, boolean ofData) {
        assertThat(DatabaseFault.isOfData(new SQLException("refused", state))).isEqualTo(ofData);
    }
}
