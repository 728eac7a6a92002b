package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.Rows;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.nexmark.Generator;
import io.kappamesh.benchmarks.nexmark.NexmarkEvents;
import io.kappamesh.benchmarks.nexmark.NexmarkProgram;
import io.kappamesh.benchmarks.nexmark.Query;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Runs each arm on the same events of Nexmark. */
final class NexmarkSession implements Benchmark.Session {
    private static final long SEED = 20_261_130;
    private static final long EVENTS = 10_000_000;

    private final BenchOptions options;
    private final BenchPlatform platform;
    private final Generator generator;
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<Query, Rows> answers = new EnumMap<>(Query.class);

    NexmarkSession(BenchOptions options) {
        this.options = options;
        generator = new Generator(SEED, Math.round(EVENTS * options.scale()));
        platform = BenchPlatform.start();
    }

    @Override
    public void prepare() throws InterruptedException, ExecutionException {
        MeshRuntime.provision(
                platform.settings(),
                Stream.of(Query.values()).map(Query::product).toList());
        try (SchemaRegistry schemas = SchemaRegistry.connect(platform.settings().registry())) {
            counts.putAll(NexmarkEvents.load(platform.bootstrapServers(), schemas, generator));
        }
        clear();
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        Query query = Stream.of(Query.values())
                .filter(one -> arm.program().equals(NexmarkProgram.of(one, arm.ours())))
                .findFirst()
                .orElseThrow();
        Rows expected = answers.computeIfAbsent(query, one -> NexmarkEvents.answers(one, generator));
        if (!arm.ours()) {
            platform.createOutput(arm.output());
        }
        long records = query.sources().stream().mapToLong(counts::get).sum();
        Measurement measurement = platform.run(arm, options, records, records / 3);
        if (query.isTable()) {
            platform.requireTable(arm, expected);
        } else {
            platform.requireOutput(arm, expected);
        }
        clear();
        return measurement;
    }

    private void clear() throws InterruptedException, ExecutionException {
        platform.clear(counts::containsKey);
    }

    @Override
    public void close() {
        platform.close();
    }
}
