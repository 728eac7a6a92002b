package io.kappamesh.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.Benchmark;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BenchmarksTest {

    @Test
    void glanceLeavesOutWhatTakesLongUnlessItIsNamed() {
        assertThat(names(BenchCommand.chosen(List.of(), false))).contains("ingest", "load", "products");
        assertThat(names(BenchCommand.chosen(List.of(), true)))
                .contains("ingest", "products")
                .doesNotContain("load");
        assertThat(names(BenchCommand.chosen(List.of("load", "serde"), true))).containsExactly("load", "serde");
    }

    private static List<String> names(List<Benchmark> benchmarks) {
        return benchmarks.stream().map(Benchmark::name).toList();
    }

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
