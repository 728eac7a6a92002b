package io.kappamesh.benchmarks.nexmark;

import io.kappamesh.benchmarks.arm.MeshPipeline;
import io.kappamesh.benchmarks.arm.PlainStreams;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.benchmarks.measure.PipelineProgram;
import io.kappamesh.registry.SchemaRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The programs {@code nexmark-QUERY-ours} and {@code nexmark-QUERY-plain}. */
public final class NexmarkProgram implements PipelineProgram {
    private static final String PREFIX = "nexmark-";
    private static final String OURS = "ours";

    /** Made by the service loader. */
    public NexmarkProgram() {}

    /** The name of a program. */
    public static String of(Query query, boolean ours) {
        return PREFIX + query.text() + '-' + (ours ? OURS : "plain");
    }

    @Override
    public boolean is(String program) {
        return program.startsWith(PREFIX);
    }

    @Override
    public Pipeline start(String program, String output, Job job) {
        String[] parts = program.substring(PREFIX.length()).split("-", 2);
        Query query = Query.valueOf(parts[0].toUpperCase(Locale.ROOT));
        return parts[1].equals(OURS) ? new MeshPipeline(job, query.product()) : plain(query, output, job);
    }

    private static Pipeline plain(Query query, String output, Job job) {
        AtomicLong taken = new AtomicLong();
        SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", job.registryUrl()));
        PlainTopology topology = new PlainTopology(registry, output, taken);
        query.plain().wire(topology);
        return new PlainStreams(
                job, "bench." + output, query.sources(), topology.build(), taken, Optional.empty(), registry);
    }
}
