package io.kappamesh.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Machine;
import io.kappamesh.benchmarks.bench.Report;
import io.kappamesh.benchmarks.bench.Results;
import io.kappamesh.benchmarks.measure.Measurement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Machine MACHINE = new Machine("A processor", 2, 8L << 30, "Linux 1");

    @Test
    void tablesHaveMediansRatiosAndWhatIsNeededToRepeatThem() {
        String text = report().markdown();

        assertThat(text)
                .contains("`./mesh bench serde --passes 3`")
                .contains("A processor, 2 cores, 8.0 GiB, Linux 1; some versions")
                .contains("medians of 2 interleaved passes after a first one that does not count")
                .contains("| write-ours | 1,500 (1,000-2,000) | 750.00 (500.00-1000.00) | 1 (1-1) |")
                .contains("| write-ours ÷ write-raw | records/s | 0.50 | ≥ 0.85 |")
                .contains("| write-ours ÷ write-ours@baseline | records/s | 0.75 |")
                .doesNotContain("read-ours ÷");
    }

    @Test
    void jsonHasEveryPass() {
        ObjectNode json = report().json();

        assertThat(json.at("/benchmarks/serde/arms/write-ours/passes")).hasSize(3);
        assertThat(json.at("/benchmarks/serde/arms/write-ours/recordsPerSecond").asDouble())
                .isEqualTo(1_500);
        assertThat(json.at("/benchmarks/serde/ratios/0/value").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/machine/cores").asInt()).isEqualTo(2);
    }

    private static Report report() {
        SerdeBench bench = new SerdeBench();
        Arm ours = bench.arms().get(0);
        Arm raw = bench.arms().get(1);
        Arm before = ours.from("elsewhere");
        Results results = new Results();
        for (long records : new long[] {7, 1_000, 2_000}) {
            results.add(ours, new Measurement(records, 1, 1, 0, 1 << 20));
            results.add(raw, new Measurement(records * 2, 1, 1, 0, 1 << 20));
            results.add(before, new Measurement(2_000, 1, 1, 0, 1 << 20));
        }
        Report report = new Report(
                "./mesh bench serde --passes 3",
                "some versions",
                MACHINE,
                new BenchOptions(0.1, 3, List.of(), Optional.empty(), List.of(), 512, List.of()));
        report.add(bench, List.of(ours, raw, before), results);
        return report;
    }
}
