package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.LineFiles;
import io.kappamesh.benchmarks.lines.OrderLines;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.platform.ArmProcess;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.stack.Workspace;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** Runs each arm on the same files of order lines. */
final class IngestSession implements Benchmark.Session {
    private final BenchOptions options;
    private final Workspace workspace;
    private final LineFiles files;
    private final BenchPlatform platform;

    private IngestSession(BenchOptions options, Workspace workspace) throws IOException {
        this.options = options;
        this.workspace = workspace;
        this.files = LineFiles.write(workspace.path(), options.scale());
        this.platform = BenchPlatform.start();
    }

    static IngestSession start(BenchOptions options) throws IOException {
        Workspace workspace = Workspace.temporary("kappa-mesh-bench-files-");
        try {
            return new IngestSession(options, workspace);
        } catch (RuntimeException | IOException failed) {
            workspace.close();
            throw failed;
        }
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        platform.createOutput(arm.output());
        platform.create(OrderLines.PRODUCT.deadLetterTopic(), 1);
        Measurement measurement = ArmProcess.run(
                arm,
                options,
                unused -> new Job(
                        platform.bootstrapServers(),
                        platform.registryUrl(),
                        files.rows().count(),
                        files.warmUp(),
                        options.scale(),
                        workspace.path()));
        platform.requireOutput(arm, files.rows());
        platform.clear(topic -> false);
        return measurement;
    }

    @Override
    public void close() {
        platform.close();
        workspace.close();
    }
}
