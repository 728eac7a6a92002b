package io.kappamesh.benchmarks.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.benchmarks.measure.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What was measured, as JSON and as Markdown, with what is needed to repeat it. Not thread-safe. */
public final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Part(Benchmark benchmark, List<Arm> arms, Results results) {
        /** Those of the benchmark, and of each arm to its other forms. */
        List<Ratio> ratios() {
            List<Ratio> all = new ArrayList<>(benchmark.ratios());
            for (Arm arm : arms) {
                benchmark.measures().forEach(measure -> arm.toItsForm(measure).ifPresent(all::add));
            }
            return all;
        }
    }

    private final String command;
    private final String versions;
    private final Machine machine;
    private final BenchOptions options;
    private final List<Part> parts = new ArrayList<>();

    /**
     * @param command what was typed
     * @param versions of this library and of what it runs with
     */
    public Report(String command, String versions, Machine machine, BenchOptions options) {
        this.command = command;
        this.versions = versions;
        this.machine = machine;
        this.options = options;
    }

    public void add(Benchmark benchmark, List<Arm> arms, Results results) {
        parts.add(new Part(benchmark, arms, results));
    }

    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("`").append(command).append("`\n\n");
        text.append(machine).append("; ").append(versions).append('\n');
        for (Part part : parts) {
            text.append("\n## ").append(part.benchmark().name()).append("\n\n");
            text.append(part.benchmark().meaning())
                    .append(' ')
                    .append(counted())
                    .append("\n\n");
            arms(part, text);
            ratios(part, text);
        }
        return text.toString();
    }

    private String counted() {
        return options.passes() == 1
                ? "Scale %s, one pass.".formatted(options.scale())
                : "Scale %s, medians of %d interleaved passes after a first one that does not count (least-most)."
                        .formatted(options.scale(), options.passes() - 1);
    }

    private static void arms(Part part, StringBuilder text) {
        List<Column> columns = part.benchmark().columns();
        text.append("| arm |");
        columns.forEach(column -> text.append(' ').append(column.title()).append(" |"));
        text.append(" what it is |\n").append("|---".repeat(columns.size() + 2)).append("|\n");
        for (Arm arm : part.arms()) {
            text.append("| ").append(arm.name()).append(" |");
            columns.forEach(column -> text.append(' ')
                    .append(spread(part.results(), arm, column::shown, column.form()))
                    .append(" |"));
            text.append(' ').append(arm.meaning()).append(" |\n");
        }
    }

    private static void ratios(Part part, StringBuilder text) {
        text.append("\n| ratio | of | value | goal |\n|---|---|---|---|\n");
        for (Ratio ratio : part.ratios()) {
            row(part, ratio, text);
        }
    }

    private static void row(Part part, Ratio ratio, StringBuilder text) {
        part.results()
                .value(ratio)
                .ifPresent(value -> text.append("| %s ÷ %s | %s | %s | %s |%n"
                        .formatted(ratio.of(), ratio.to(), ratio.unit(), decimal("%.2f", value), ratio.goal())));
    }

    /** The median, with the least and the most where they say more. */
    private static String spread(Results results, Arm arm, ToDoubleFunction<Measurement> measure, String form) {
        OptionalDouble median = results.median(arm.name(), measure);
        if (median.isEmpty()) {
            return "–";
        }
        double[] sorted = results.counted(arm.name()).stream()
                .mapToDouble(measure)
                .sorted()
                .toArray();
        String middle = decimal(form, median.getAsDouble());
        return sorted.length == 1
                ? middle
                : "%s (%s-%s)".formatted(middle, decimal(form, sorted[0]), decimal(form, sorted[sorted.length - 1]));
    }

    private static String decimal(String form, double value) {
        return String.format(Locale.ROOT, form, value);
    }

    public ObjectNode json() {
        ObjectNode root = JSON.createObjectNode()
                .put("command", command)
                .put("versions", versions)
                .put("scale", options.scale())
                .put("passes", options.passes())
                .put("heapMebibytes", options.heapMebibytes());
        root.putObject("machine")
                .put("processor", machine.processor())
                .put("cores", machine.cores())
                .put("memoryBytes", machine.memoryBytes())
                .put("system", machine.system());
        ObjectNode benchmarks = root.putObject("benchmarks");
        for (Part part : parts) {
            describe(part, benchmarks.putObject(part.benchmark().name()));
        }
        return root;
    }

    private static void describe(Part part, ObjectNode to) {
        ObjectNode arms = to.putObject("arms");
        for (Arm arm : part.arms()) {
            ObjectNode one = arms.putObject(arm.name()).put("meaning", arm.meaning());
            for (Column column : part.benchmark().columns()) {
                part.results().median(arm.name(), column.measure()).ifPresent(value -> one.put(column.name(), value));
            }
            ArrayNode passes = one.putArray("passes");
            for (Measurement measurement : part.results().all(arm.name())) {
                ObjectNode pass = passes.addObject()
                        .put("records", measurement.records())
                        .put("seconds", measurement.seconds())
                        .put("cpuSeconds", measurement.cpuSeconds())
                        .put("gcSeconds", measurement.gcSeconds())
                        .put("peakBytes", measurement.peakBytes());
                part.benchmark().columns().stream()
                        .filter(column -> !pass.has(column.name()))
                        .forEach(column ->
                                pass.put(column.name(), column.measure().applyAsDouble(measurement)));
            }
        }
        ArrayNode ratios = to.putArray("ratios");
        for (Ratio ratio : part.ratios()) {
            part.results()
                    .value(ratio)
                    .ifPresent(value -> ratios.addObject()
                            .put("of", ratio.of())
                            .put("to", ratio.to())
                            .put("unit", ratio.unit())
                            .put("value", value)
                            .put("goal", ratio.goal()));
        }
    }

    public void writeJson(Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json());
    }

    public void writeMarkdown(Path file) throws IOException {
        Files.writeString(file, markdown());
    }
}
