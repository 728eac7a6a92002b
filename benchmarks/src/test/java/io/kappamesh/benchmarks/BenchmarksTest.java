package io.kappamesh.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BenchmarksTest {

    @Test
    void ratiosAreOfArmsThatRun() {
        BenchCommand.benchmarks().values().forEach(benchmark -> {
            Set<String> arms = benchmark.arms().stream().map(Arm::name).collect(Collectors.toSet());
            assertThat(benchmark.ratios())
                    .isNotEmpty()
                    .allSatisfy(ratio -> assertThat(arms).contains(ratio.of(), ratio.to()));
        });
    }
}
