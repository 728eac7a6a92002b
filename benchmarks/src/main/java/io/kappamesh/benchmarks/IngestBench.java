package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.OrderLines;
import java.util.List;

/** Files of order lines into a source port. */
final class IngestBench implements Benchmark {
    private static final String TOPIC = OrderLines.PORT.topic();

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public String meaning() {
        return "Order lines of TPC-H (about 90 bytes in Avro) out of files into a topic of four partitions. A first file of a third of the lines"
                + " warms up; measured is the second one, from the first look at it until all of it is committed.";
    }

    @Override
    public List<Arm> arms() {
        return List.of(
                new Arm(
                        "lines-plain",
                        TOPIC,
                        false,
                        "plain idempotent producer of the same records, which are ready in memory"),
                new Arm(
                        "lines-by-hand",
                        TOPIC,
                        false,
                        "Jackson's reader of CSV, Avro, transactional producer, one thread; no checks, no positions"),
                new Arm("ingest-csv", TOPIC, true, "ingest of CSV"),
                new Arm("ingest-csv-gz", TOPIC, true, "ingest of CSV with gzip"),
                new Arm("ingest-json", TOPIC, true, "ingest of JSON lines"),
                new Arm("ingest-avro", TOPIC, true, "ingest of an Avro container file"));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(
                Ratio.speed("ingest-csv", "lines-plain", "≥ 0.8"),
                Ratio.speed("ingest-csv-gz", "lines-plain", ""),
                Ratio.speed("ingest-json", "lines-plain", ""),
                Ratio.speed("ingest-avro", "lines-plain", ""),
                Ratio.speed("ingest-csv", "lines-by-hand", "≥ 1.0"),
                Ratio.cpu("ingest-csv", "lines-by-hand", ""));
    }

    @Override
    public Session open(BenchOptions options) throws Exception {
        return IngestSession.start(options);
    }
}
