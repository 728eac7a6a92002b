package io.kappamesh.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.benchmarks.bench.Results;
import io.kappamesh.benchmarks.measure.Measurement;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Arm OURS = new Arm("ours", "", true, "");
    private static final Arm THEIRS = new Arm("theirs", "", false, "");

    @Test
    void firstPassDoesNotCount() {
        Results results = new Results();
        add(results, OURS, 9_000, 100, 300, 200);

        assertThat(results.median("ours", Measurement::recordsPerSecond)).hasValue(200);
        assertThat(results.all("ours")).hasSize(4);
    }

    @Test
    void onlyPassCounts() {
        Results results = new Results();
        add(results, OURS, 100);

        assertThat(results.median("ours", Measurement::recordsPerSecond)).hasValue(100);
    }

    @Test
    void medianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        Results results = new Results();
        add(results, OURS, 1, 400, 100, 200, 300);

        assertThat(results.median("ours", Measurement::recordsPerSecond)).hasValue(250);
    }

    @Test
    void ratioIsThatOfMedians() {
        Results results = new Results();
        add(results, OURS, 1, 100, 300, 200);
        add(results, THEIRS, 1, 50, 10_000, 400);

        assertThat(results.value(Ratio.speed("ours", "theirs", ""))).hasValue(0.5);
        assertThat(results.value(Ratio.cpu("ours", "theirs", ""))).hasValue(2.0);
    }

    @Test
    void armThatDidNotRunHasNoRatio() {
        Results results = new Results();
        add(results, OURS, 1, 100);

        assertThat(results.value(Ratio.speed("ours", "theirs", ""))).isEmpty();
    }

    /** One second of time and of processor each, so that rates tell records, and costs their inverse. */
    private static void add(Results results, Arm arm, double... rates) {
        DoubleStream.of(rates).forEach(rate -> results.add(arm, new Measurement((long) rate, 1, 1, 0, 1 << 20)));
    }
}
