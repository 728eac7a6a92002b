package io.kappamesh.console.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {

    @Test
    void theLimitsThemselvesAreAllowed() {
        assertThat(options(0.001, 0, Optional.empty()).problems()).isEmpty();
        assertThat(options(10, 1, Optional.of(0.1)).problems()).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(options(11, -0.1, Optional.of(0.0)).problems())
                .containsExactly(
                        "--scale must be from 0.001 to 10 but was 11.0",
                        "--history must be from 0 to 1 but was -0.1",
                        "--live-rate must be positive but was 0.0");
    }

    @Test
    void whatIsNoNumberIsWrong() {
        assertThat(options(Double.NaN, Double.NaN, Optional.of(Double.NaN)).problems())
                .hasSize(3);
    }

    @Test
    void masterDataRunOnlyWhereSqlAsksForThem() {
        assertThat(options(1, 1, Optional.empty()).runningDomains()).containsExactly("sales", "logistics");
        assertThat(options(1, 1, Optional.empty(), Optional.of(new DemoOptions.Sql(5, Optional.empty(), 6)))
                        .runningDomains())
                .containsExactly("sales", "logistics", "masterdata");
    }

    private static DemoOptions options(double scale, double history, Optional<Double> liveRate) {
        return options(scale, history, liveRate, Optional.empty());
    }

    private static DemoOptions options(
            double scale, double history, Optional<Double> liveRate, Optional<DemoOptions.Sql> sql) {
        return new DemoOptions(
                scale,
                history,
                liveRate,
                Optional.empty(),
                false,
                Optional.empty(),
                1,
                2,
                3,
                4,
                Path.of("."),
                Optional.empty(),
                sql);
    }
}
