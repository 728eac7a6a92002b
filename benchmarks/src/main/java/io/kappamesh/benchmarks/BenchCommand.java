package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Machine;
import io.kappamesh.benchmarks.bench.Report;
import io.kappamesh.benchmarks.bench.Results;
import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.command.MeshVersion;
import io.kappamesh.stack.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mesh bench}. Exit codes: 0 it was measured, 1 an arm was wrong or failed, 2 it could not be run. Never judges a number. */
@Command(
        name = "bench",
        description =
                "Measures the library beside what people would write by hand: arms run in turns, each in a process of"
                        + " its own.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class BenchCommand implements Callable<Integer> {
    private static final double QUICK_SCALE = 0.03;

    @Parameters(
            paramLabel = "NAME",
            description =
                    "What to measure: ${COMPLETION-CANDIDATES}; all but flink, idle, nexmark, promotion, restart and threads if none is given.",
            completionCandidates = Names.class)
    private List<String> names = List.of();

    @Option(
            names = "--quick",
            description =
                    "One pass at scale 0.03: seconds for each arm. For a glance, not for a claim. Leaves out load,"
                            + " unless it is named.")
    private boolean quick;

    @Option(
            names = "--passes",
            paramLabel = "N",
            description = "How often each arm runs; the first pass does not count.")
    private int passes = 4;

    @Option(
            names = "--scale",
            paramLabel = "S",
            description = "TPC-H scale factor; 1 is 1.5 million orders, and for nexmark ten million events.")
    private double scale = 0.1;

    @Option(names = "--arm", paramLabel = "ARM", description = "Runs this arm only; may be repeated.")
    private List<String> only = List.of();

    @Option(
            names = "--baseline",
            paramLabel = "CHECKOUT",
            description = "Runs our arms out of another checkout, too, in which ./mesh bench was run before.")
    private @Nullable Path baseline;

    @Option(
            names = "--variant",
            paramLabel = "ARG",
            description = "Runs our arms with this argument for the JVM, too; may be repeated. -Dbench.NAME=VALUE is a"
                    + " setting.")
    private List<String> variants = List.of();

    @Option(names = "--heap", paramLabel = "MIB", description = "Heap of each arm.")
    private int heap = 512;

    @Option(
            names = "--jvm",
            paramLabel = "ARG",
            description = "One more argument for the JVM of each arm; may be repeated.")
    private List<String> jvmArguments = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Writes everything that was measured.")
    private @Nullable Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Writes the tables that are printed.")
    private @Nullable Path markdown;

    /** Made by the command line. */
    public BenchCommand() {}

    /** The names of all benchmarks, for the help. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(benchmarks().keySet());
        }
    }

    static Map<String, Benchmark> benchmarks() {
        Map<String, Benchmark> all = new TreeMap<>();
        for (Benchmark benchmark : List.of(
                new OrdersBench(),
                new TogetherBench(),
                new SerdeBench(),
                new LatencyBench(),
                new GarbageBench(),
                new IngestBench(),
                new LoadBench(),
                new VerifyBench(),
                new IdleBench(),
                new ThreadsBench(),
                new RestartBench(),
                new PromotionBench(),
                new FlinkBench(),
                new NexmarkBench())) {
            all.put(benchmark.name(), benchmark);
        }
        return all;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Map<String, Benchmark> all = benchmarks();
        for (String name : names) {
            if (!all.containsKey(name)) {
                System.err.println("no benchmark " + name + "; there are " + String.join(", ", all.keySet()));
                return 2;
            }
        }
        if (passes < 1 || scale <= 0) {
            System.err.println("--passes must be at least 1 and --scale above 0");
            return 2;
        }
        try {
            BenchOptions options = options();
            Report report = new Report(commandLine(), MeshVersion.line(), Machine.here(), options);
            for (Benchmark benchmark : chosen(names, quick)) {
                measure(benchmark, options, report);
            }
            System.out.println();
            System.out.print(report.markdown());
            if (json != null) {
                report.writeJson(json);
            }
            if (markdown != null) {
                report.writeMarkdown(markdown);
            }
            return 0;
        } catch (BenchException failed) {
            System.err.println(failed.getMessage());
            return 1;
        } catch (StartException failed) {
            System.err.println(failed.getMessage());
            return 2;
        }
    }

    /** What is measured: what is named, or else all, or all that is quick. */
    static List<Benchmark> chosen(List<String> names, boolean quick) {
        return benchmarks().values().stream()
                .filter(benchmark -> names.isEmpty()
                        ? benchmark.always() && (!quick || benchmark.isQuick())
                        : names.contains(benchmark.name()))
                .toList();
    }

    private BenchOptions options() throws IOException {
        return new BenchOptions(
                quick ? QUICK_SCALE : scale,
                quick ? 1 : passes,
                only,
                baseline == null ? Optional.empty() : Optional.of(classPath(baseline)),
                variants,
                heap,
                jvmArguments);
    }

    private static String classPath(Path checkout) throws IOException {
        Path target = checkout.toAbsolutePath().resolve("benchmarks").resolve("target");
        return target.resolve("classes")
                + java.io.File.pathSeparator
                + Files.readString(target.resolve("classpath")).strip();
    }

    private static void measure(Benchmark benchmark, BenchOptions options, Report report) throws Exception {
        List<Arm> arms = new ArrayList<>();
        for (Arm arm : benchmark.arms()) {
            if (options.only().isEmpty() || options.only().contains(arm.name())) {
                arms.add(arm);
                if (arm.ours()) {
                    options.baseline().ifPresent(classPath -> arms.add(arm.from(classPath)));
                    options.variants().forEach(argument -> arms.add(arm.with(argument)));
                }
            }
        }
        Results results = new Results();
        try (Benchmark.Session session = benchmark.open(options)) {
            session.prepare();
            for (int pass = 1; pass <= options.passes(); pass++) {
                for (Arm arm : arms) {
                    Measurement measurement = session.run(arm);
                    results.add(arm, measurement);
                    System.out.printf(
                            Locale.ROOT,
                            "%s, pass %d of %d: %-28s %s%n",
                            benchmark.name(),
                            pass,
                            options.passes(),
                            arm.name(),
                            benchmark.columns().stream()
                                    .map(column -> column.of(measurement))
                                    .collect(Collectors.joining("  ")));
                }
            }
        }
        report.add(benchmark, arms, results);
    }

    private String commandLine() {
        StringBuilder line = new StringBuilder("./mesh bench");
        names.forEach(name -> line.append(' ').append(name));
        if (quick) {
            line.append(" --quick");
        } else {
            line.append(" --passes ").append(passes).append(" --scale ").append(scale);
        }
        only.forEach(arm -> line.append(" --arm ").append(arm));
        if (baseline != null) {
            line.append(" --baseline ").append(baseline.getFileName());
        }
        variants.forEach(argument -> line.append(" --variant ").append(argument));
        return line.append(" --heap ").append(heap).toString();
    }
}
