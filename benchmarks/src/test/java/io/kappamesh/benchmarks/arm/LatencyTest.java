package io.kappamesh.benchmarks.arm;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.benchmarks.measure.Latency;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyTest {
    @Test
    void percentilesAreOfTheNearestRank() {
        long[] nanos = LongStream.rangeClosed(1, 1_000)
                .map(one -> 1_001 - one)
                .map(millis -> millis * 1_000_000)
                .toArray();

        assertThat(Latency.of(nanos)).isEqualTo(new Latency(500, 990, 999));
    }

    @Test
    void oneRecordIsAllOfThem() {
        assertThat(Latency.of(new long[] {2_000_000})).isEqualTo(new Latency(2, 2, 2));
    }
}
