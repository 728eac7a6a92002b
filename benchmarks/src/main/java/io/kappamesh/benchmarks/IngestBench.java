package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.benchmarks.lines.OrderLines;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files of order lines into a source port. */
final class IngestBench implements Benchmark {
    private static final String TOPIC = OrderLines.PORT.topic();
    private static final Map<String, String> FORMATS = new LinkedHashMap<>();

    static {
        FORMATS.put("csv", "CSV");
        FORMATS.put("csv-gz", "CSV with gzip");
        FORMATS.put("json", "JSON lines");
        FORMATS.put("avro", "Avro container file");
        FORMATS.put("parquet", "Parquet");
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public String meaning() {
        return "Order lines of TPC-H (about 90 bytes in Avro) out of files into a topic of four partitions. A first"
                + " file of a third of the lines warms up; measured is the second one, from the first look at it until all"
                + " of it is committed.";
    }

    @Override
    public List<Arm> arms() {
        List<Arm> arms = new ArrayList<>(List.of(
                new Arm(
                        "lines-ready",
                        TOPIC,
                        false,
                        "plain idempotent producer of the same records, which are ready in memory"),
                new Arm(
                        "lines-by-hand",
                        TOPIC,
                        false,
                        "Jackson's reader of CSV, Avro, transactional producer, one thread; no checks, no positions")));
        FORMATS.forEach((format, words) -> {
            arms.add(new Arm(
                    "plain-" + format,
                    TOPIC,
                    false,
                    "plain idempotent producer that reads the same " + words
                            + ", decodes rows and encodes Avro, in one thread"));
            arms.add(new Arm("ingest-" + format, TOPIC, true, "ingest of " + words));
        });
        return arms;
    }

    @Override
    public List<Ratio> ratios() {
        List<Ratio> ratios = new ArrayList<>();
        FORMATS.keySet().forEach(format -> {
            ratios.add(Ratio.speed("ingest-" + format, "plain-" + format, "≥ 0.8"));
            ratios.add(Ratio.cpu("ingest-" + format, "plain-" + format, ""));
        });
        ratios.add(Ratio.speed("ingest-csv", "lines-by-hand", "≥ 1.0"));
        ratios.add(Ratio.speed("ingest-csv", "lines-ready", ""));
        return ratios;
    }

    @Override
    public Session open(BenchOptions options) throws Exception {
        return IngestSession.start(options);
    }
}
