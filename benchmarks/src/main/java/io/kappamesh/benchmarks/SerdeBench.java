package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.platform.ArmProcess;
import java.util.List;

/** The codec alone: orders to bytes and back, on one thread. */
final class SerdeBench implements Benchmark {
    /** So many orders are used again and again. */
    private static final double DATA_SCALE = 0.001;

    private static final long RECORDS_AT_SCALE_1 = 20_000_000;
    private static final long LEAST_RECORDS = 600_000;

    @Override
    public String name() {
        return "serde";
    }

    @Override
    public String meaning() {
        return "Orders (about 230 bytes) to bytes and back on one thread. 'raw' is Avro's own writer and reader with everything"
                + " that can be used again used again and no framing; 'confluent-style' is written for this comparison, as Confluent's"
                + " serializer does it: see docs/benchmarks.md.";
    }

    @Override
    public List<Arm> arms() {
        return List.of(
                new Arm("write-ours", "", true, "our serializer"),
                new Arm("write-raw", "", false, "Avro's writer, no framing"),
                new Arm("write-confluent-style", "", false, "a stream, an encoder and look-ups per record"),
                new Arm("read-ours", "", true, "our deserializer"),
                new Arm("read-raw", "", false, "Avro's reader, no framing"),
                new Arm("read-confluent-style", "", false, "a decoder and look-ups per record"));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(
                Ratio.speed("write-ours", "write-raw", "≥ 0.85"),
                Ratio.speed("read-ours", "read-raw", "≥ 0.85"),
                Ratio.speed("write-ours", "write-confluent-style", "≥ 2"),
                Ratio.speed("read-ours", "read-confluent-style", "≥ 2"));
    }

    @Override
    public Session open(BenchOptions options) {
        long records = Math.max(LEAST_RECORDS, (long) (RECORDS_AT_SCALE_1 * options.scale()));
        return new Session() {
            @Override
            public Measurement run(Arm arm) {
                return ArmProcess.run(
                        arm, options, directory -> new Job("", "", records, records / 2, DATA_SCALE, directory));
            }

            @Override
            public void close() {
                // nothing is shared
            }
        };
    }
}
