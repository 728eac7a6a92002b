package io.kappamesh.benchmarks.flink;

import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.benchmarks.measure.PipelineProgram;
import java.time.Duration;

/** The programs {@code flink-BACKEND-MILLIS}: a state backend of Flink, and the interval of checkpoints. */
public final class FlinkProgram implements PipelineProgram {
    private static final String PREFIX = "flink-";

    /** Made by the service loader. */
    public FlinkProgram() {}

    @Override
    public boolean is(String program) {
        return program.startsWith(PREFIX);
    }

    @Override
    public Pipeline start(String program, String output, Job job) throws Exception {
        String[] parts = program.substring(PREFIX.length()).split("-", 2);
        return new FlinkOrders(job, output, parts[0], Duration.ofMillis(Long.parseLong(parts[1])));
    }
}
