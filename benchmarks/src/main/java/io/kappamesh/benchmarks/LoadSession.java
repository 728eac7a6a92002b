package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.data.LineTopics;
import io.kappamesh.benchmarks.data.TableRows;
import io.kappamesh.benchmarks.lines.LoadedLines;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.platform.ArmProcess;
import io.kappamesh.benchmarks.platform.BenchDatabase;
import io.kappamesh.benchmarks.platform.BenchPlatform;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.stack.Workspace;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs each arm on the same topics, into an empty schema. */
final class LoadSession implements Benchmark.Session {
    private final BenchOptions options;
    private final Workspace workspace;
    private final BenchDatabase database;
    private final BenchPlatform platform;
    private @Nullable LineTopics topics;

    private LoadSession(BenchOptions options, Workspace workspace, BenchDatabase database) {
        this.options = options;
        this.workspace = workspace;
        this.database = database;
        this.platform = BenchPlatform.start();
    }

    static LoadSession start(BenchOptions options) throws InterruptedException {
        Workspace workspace = Workspace.temporary("kappa-mesh-bench-postgres-");
        try {
            BenchDatabase database = BenchDatabase.start(workspace.path());
            try {
                return new LoadSession(options, workspace, database);
            } catch (RuntimeException failed) {
                database.close();
                throw failed;
            }
        } catch (RuntimeException | InterruptedException failed) {
            workspace.close();
            throw failed;
        }
    }

    @Override
    public void prepare() throws InterruptedException, ExecutionException {
        for (LoadedLines lines : LoadedLines.values()) {
            platform.createOutput(lines.topic());
        }
        try (SchemaRegistry registry =
                SchemaRegistry.connect(platform.settings().registry())) {
            topics = LineTopics.write(platform.bootstrapServers(), registry, options.scale());
        }
    }

    @Override
    public Measurement run(Arm arm) throws SQLException {
        LineTopics written = topics;
        if (written == null) {
            throw new IllegalStateException("prepare() first");
        }
        LoadedLines lines = LoadedLines.of(arm.program());
        database.clear();
        Measurement measurement = ArmProcess.run(
                arm,
                options,
                directory -> new Job(
                        platform.bootstrapServers(),
                        platform.registryUrl(),
                        written.records(lines),
                        written.records(LoadedLines.WARM_UP),
                        options.scale(),
                        directory,
                        database.url()));
        TableRows found = TableRows.of(database.url(), arm.output());
        if (!found.equals(written.rows(lines))) {
            throw new BenchException("arm " + arm.name() + " wrote other rows than it has to: " + found
                    + " in place of " + written.rows(lines));
        }
        return measurement;
    }

    @Override
    public void close() {
        platform.close();
        database.close();
        workspace.close();
    }
}
