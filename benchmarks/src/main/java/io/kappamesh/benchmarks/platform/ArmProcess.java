package io.kappamesh.benchmarks.platform;

import io.kappamesh.benchmarks.arm.ArmMain;
import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Runs an arm in a JVM of its own, each with the same heap and collector. Stateless. */
public final class ArmProcess {
    private static final int LOG_LINES = 30;

    private ArmProcess() {}

    /**
     * @param job what it is to do, given the empty directory that it may use
     * @throws BenchException when it fails
     */
    public static Measurement run(Arm arm, BenchOptions options, Function<Path, Job> job) {
        try (Workspace workspace = Workspace.temporary("kappa-mesh-bench-")) {
            Path directory = workspace.path();
            Path jobFile = directory.resolve("job.properties");
            Path result = directory.resolve("result.properties");
            job.apply(directory).write(jobFile);
            JavaCommand command = JavaCommand.main(
                            arm.name(), directory.resolve("arm.log"), arm.classPath(), ArmMain.class.getName())
                    .jvmArguments(jvmArguments(arm, options).toArray(new String[0]))
                    .arguments(arm.program(), arm.output(), jobFile.toString(), result.toString());
            try (JavaProcess process = command.start()) {
                int code = process.awaitExitCode();
                if (code != 0) {
                    throw new BenchException("arm " + arm.name() + " ended with exit code " + code
                            + "; the end of its log:\n" + process.logTail(LOG_LINES));
                }
            }
            return Measurement.read(result);
        }
    }

    private static List<String> jvmArguments(Arm arm, BenchOptions options) {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx" + options.heapMebibytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                // Avro's own readers load generated classes only if they are told to.
                "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=*"));
        arguments.addAll(options.jvmArguments());
        arguments.addAll(arm.jvmArguments());
        return arguments;
    }
}
