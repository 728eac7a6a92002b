package io.kappamesh.display;

import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.discovery.SampledRecord;
import io.kappamesh.generation.RetiredPort;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is found, for a human. Stateless. */
public final class CatalogText {
    private static final int WIDEST_NAME = 40;
    private static final int WIDEST_STATE = 9;
    private static final int WIDEST_FIELD = 32;
    private static final int WIDEST_TYPE = 40;
    private static final int WIDEST_VALUE = 400;
    private static final String DEPRECATED = " (deprecated)";
    private static final double MILLIS_PER_SECOND = 1000.0;

    private CatalogText() {}

    /** A line for each product, and one below it for each candidate. */
    public static List<String> products(Catalog catalog, Instant now) {
        List<String> lines = new ArrayList<>();
        int name = width(catalog.products().stream().map(one -> one.name().toString()));
        int owner = width(catalog.products().stream().map(CatalogText::owner));
        List<Integer> widths = List.of(name, WIDEST_STATE, owner);
        lines.add(row(widths, "PRODUCT", "STATE", "OWNER", "PUBLISHES"));
        for (FoundProduct one : catalog.products()) {
            String ports = one.description().stream()
                    .flatMap(known -> known.outputs().stream())
                    .map(output -> output.address() + (output.ending().isPresent() ? DEPRECATED : ""))
                    .collect(Collectors.joining(", "));
            lines.add(row(
                    widths,
                    Plain.text(one.name().toString(), WIDEST_NAME),
                    one.state(),
                    owner(one),
                    Plain.text(ports) + unheard(one, now)));
            one.generations()
                    .filter(running -> !running.isServing())
                    .map(running -> "  g" + running.number() + " "
                            + Plain.text(Optional.ofNullable(running.role()).orElse("")) + " "
                            + Plain.text(running.state()))
                    .distinct()
                    .forEach(lines::add);
        }
        return lines;
    }

    private static String unheard(FoundProduct one, Instant now) {
        return one.running() || !one.processes().isEmpty()
                ? ""
                : one.heardAt()
                        .map(at ->
                                "  (last heard of " + HumanNumbers.time(positive(Duration.between(at, now))) + " ago)")
                        .orElse("");
    }

    private static Duration positive(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }

    private static String owner(FoundProduct one) {
        return one.description()
                .map(known ->
                        Plain.text(known.owner().team() + ", " + known.owner().contact(), WIDEST_NAME))
                .orElse("");
    }

    /** A product: who answers for it, what it is made of and what it publishes. */
    public static List<String> product(FoundProduct one) {
        List<String> lines = new ArrayList<>();
        lines.add(one.name() + "   product");
        one.description().ifPresent(known -> lines.add("  " + Plain.text(known.description())));
        one.description().ifPresent(known -> lines.add(pair("owner", owner(known))));
        lines.add(pair("state", state(one)));
        one.description().ifPresent(known -> {
            known.outputs()
                    .forEach(output -> lines.add(pair(
                            "publishes",
                            output.address() + "   " + Plain.text(output.kind()) + ", "
                                    + Plain.text(output.description())
                                    + (output.ending().isPresent() ? DEPRECATED : ""))));
            known.inputs()
                    .forEach(input -> lines.add(
                            pair("reads", input.address() + "   " + Plain.text(input.kind()) + source(input))));
            known.exemptions().forEach(exemption -> lines.add(pair("exempt", Plain.text(exemption.toString()))));
            known.violations().forEach(breach -> lines.add(pair("violates", Plain.text(breach.message()))));
            lines.add(pair("library", Plain.text(known.software().library())));
        });
        return lines;
    }

    private static String source(InputDescription input) {
        return Optional.ofNullable(input.source())
                .map(what -> ", a private source: " + Plain.text(what))
                .orElse("");
    }

    private static String owner(ProductDescription known) {
        return Plain.text(known.owner().team() + ", " + known.owner().contact());
    }

    /** Where a product stands, in one line. */
    private static String state(FoundProduct one) {
        List<RunningGeneration> serving = one.serving();
        StringBuilder line = new StringBuilder(one.state());
        if (!serving.isEmpty()) {
            line.append(", g").append(serving.get(0).number());
            Optional.ofNullable(serving.get(0).build())
                    .ifPresent(build -> line.append(" of build ").append(Plain.text(build)));
        } else {
            one.heardAt().ifPresent(at -> line.append(", last heard of ").append(at.truncatedTo(ChronoUnit.SECONDS)));
        }
        return line.toString();
    }

    /**
     * A port: what it holds, by whose word, how fresh it is, and who reads it.
     *
     * @param sample some of its records; empty = there are none, or nobody asked
     * @param noSample why there are none; null = there is no reason
     */
    public static List<String> port(
            Catalog.PublishedPort port, List<Edge> readers, List<SampledRecord> sample, @Nullable String noSample) {
        OutputDescription output = port.output();
        RecordDescription records = output.records();
        List<String> lines = new ArrayList<>();
        lines.add(output.address() + "   " + Plain.text(output.kind()) + " of "
                + port.product().name());
        lines.add("  " + Plain.text(output.description()));
        output.ending()
                .ifPresent(ending -> lines.add(pair(
                        "DEPRECATED",
                        "read " + Plain.text(ending.successor()) + " instead; it may be retired from "
                                + Plain.text(ending.endOfLife()) + " on")));
        port.product().description().ifPresent(known -> lines.add(pair("owner", owner(known))));
        versions(port).ifPresent(others -> lines.add(pair("versions", others)));
        lines.add(pair("topic", output.address() + ", " + output.partitions() + " partitions"));
        lines.add(pair(
                "schema",
                Optional.ofNullable(records.schemaId())
                        .map(id -> "Avro, id " + id + " in the registry")
                        .orElse("Avro")));
        lines.add(
                pair("key", Optional.ofNullable(records.key()).map(Plain::text).orElse("nothing is said of it")));
        lines.add(pair(
                "event time",
                Optional.ofNullable(records.eventTime()).map(Plain::text).orElse("none")));
        lines.add(pair("fresh", freshness(port)));
        Optional.ofNullable(output.levels())
                .ifPresent(levels -> lines.add(pair(
                        "kept",
                        Optional.ofNullable(levels.retention())
                                .map(kept -> HumanNumbers.time(Duration.parse(kept)) + " of event time")
                                .orElse(output.kind().equals("table") ? "the latest record of each key" : "forever"))));
        lines.add(pair("state", state(port.product())));
        newest(port.product()).ifPresent(at -> lines.add(pair("newest", "event time " + at + " at its inputs")));
        records.rules()
                .forEach(rule -> lines.add(pair(
                        "promises",
                        Plain.text(rule.name()) + ": " + Plain.text(rule.description()) + broken(port, rule))));
        fields(records, lines);
        lines.add(readers.isEmpty() ? "  nobody is known to read it" : "  read by");
        readers.forEach(edge -> lines.add("    " + reader(edge)));
        sample(sample, noSample, lines);
        return lines;
    }

    /** Which other major versions the same product publishes; empty = none. */
    private static Optional<String> versions(Catalog.PublishedPort port) {
        String name = major(port.output().address());
        List<String> others = port.product().description().stream()
                .flatMap(known -> known.outputs().stream())
                .filter(other -> major(other.address()).equals(name)
                        && !other.address().equals(port.output().address()))
                .map(other -> relation(port.output(), other))
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(Plain.text(String.join(", ", others)));
    }

    private static String relation(OutputDescription port, OutputDescription other) {
        if (other.address().equals(port.convertedFrom().orElse(""))) {
            return other.address() + ", from which this one is converted";
        }
        return other.address()
                + (port.address().equals(other.convertedFrom().orElse("")) ? ", which is converted from this one" : "");
    }

    private static String major(String address) {
        PortAddress parsed = PortAddress.of(address);
        return parsed.domain() + "." + parsed.name();
    }

    /** That nobody may rely on a port any more. */
    public static List<String> retired(RetiredPort port) {
        List<String> lines = new ArrayList<>();
        lines.add(port.port() + "   retired at " + Plain.text(port.at()) + " by " + Plain.text(port.by()));
        port.despite().forEach(why -> lines.add("  by force, despite " + Plain.text(why)));
        return lines;
    }

    /** For how many records a rule did not hold, over all processes that are heard of. */
    private static String broken(Catalog.PublishedPort port, RecordDescription.Rule rule) {
        long records = port.product().serving().stream()
                .flatMap(one -> one.figures().brokenRules().stream())
                .filter(one ->
                        one.port().equals(port.output().address()) && one.rule().equals(rule.name()))
                .mapToLong(RunningGeneration.BrokenRule::records)
                .sum();
        String policy = rule.policy() == null ? "" : " (" + Plain.text(rule.policy()) + ")";
        return policy
                + (records == 0 ? "" : "; broken by " + HumanNumbers.count(records) + " records since it started");
    }

    private static Optional<String> newest(FoundProduct product) {
        return product.serving().stream()
                .map(one -> one.figures().newestEventTime())
                .filter(Objects::nonNull)
                .max(String::compareTo)
                .map(Plain::text);
    }

    private static String freshness(Catalog.PublishedPort port) {
        String promised = Optional.ofNullable(port.output().levels())
                .map(levels -> "within " + HumanNumbers.time(Duration.parse(levels.freshness())))
                .orElse("nothing is promised");
        return promised + "; "
                + measured(port.product())
                        .map(behind -> HumanNumbers.time(Duration.ofMillis(Math.round(behind * MILLIS_PER_SECOND)))
                                + " behind its inputs as measured last")
                        .orElse("not measured now");
    }

    /** Of several processes the one that is furthest behind. */
    static Optional<Double> measured(FoundProduct product) {
        if (!product.running()) {
            return Optional.empty();
        }
        return product.serving().stream()
                .map(one -> one.figures().freshnessSeconds())
                .filter(Objects::nonNull)
                .max(Double::compare);
    }

    private static void fields(RecordDescription records, List<String> lines) {
        List<FieldMeaning> fields =
                Optional.ofNullable(records.schema()).map(FieldMeaning::of).orElse(List.of());
        if (fields.isEmpty()) {
            lines.add("  fields are in the registry");
            return;
        }
        lines.add("  fields");
        int path = Math.min(WIDEST_FIELD, width(fields.stream().map(FieldMeaning::path)));
        int type = Math.min(WIDEST_TYPE, width(fields.stream().map(FieldMeaning::type)));
        List<Integer> widths = List.of(path, type);
        fields.forEach(field -> lines.add("    "
                + row(
                        widths,
                        Plain.text(field.path()),
                        Plain.text(field.type(), WIDEST_TYPE),
                        field.classification()
                                        .map(word -> "[" + Plain.text(word) + "] ")
                                        .orElse("")
                                + Plain.text(field.doc()))));
    }

    private static void sample(List<SampledRecord> sample, @Nullable String noSample, List<String> lines) {
        if (noSample != null) {
            lines.add("  no sample: " + Plain.text(noSample));
        } else if (!sample.isEmpty()) {
            lines.add("  the newest records");
            sample.forEach(one -> lines.add("    " + one.at() + "  " + Plain.text(one.key()) + "  "
                    + Plain.text(one.value().toString(), WIDEST_VALUE)));
        }
    }

    /** Each port that is read, and below it who reads it. */
    public static List<String> lineage(Catalog catalog) {
        Map<String, List<Edge>> byPort =
                catalog.edges().stream().collect(Collectors.groupingBy(Edge::port, TreeMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        byPort.forEach((port, readers) -> {
            lines.add(port + "   " + whose(catalog, port, readers));
            readers.forEach(edge -> lines.add("  " + reader(edge)));
        });
        return lines;
    }

    private static String whose(Catalog catalog, String port, List<Edge> readers) {
        return catalog.port(port)
                .map(known -> Plain.text(known.output().kind()) + " of "
                        + known.product().name()
                        + known.output()
                                .ending()
                                .map(ending -> ", DEPRECATED: " + Plain.text(ending.successor()) + " instead, before "
                                        + Plain.text(ending.endOfLife()))
                                .orElse(""))
                .orElse(readers.stream().anyMatch(Edge::isSource) ? "private source" : "of nobody in the catalogue");
    }

    private static String reader(Edge edge) {
        String figures = edge.figures().lag().isEmpty()
                ? ""
                : "  lag " + HumanNumbers.count(edge.figures().lag().getAsLong()) + "  "
                        + rate(edge.figures().ratePerSecond().orElse(0));
        return String.format(Locale.ROOT, "-> %-36s %-10s%s", Plain.text(edge.reader()), word(edge.status()), figures)
                .stripTrailing();
    }

    static String rate(double perSecond) {
        return perSecond > 0 && perSecond < 10
                ? String.format(Locale.ROOT, "%.1f/s", perSecond)
                : HumanNumbers.count(Math.round(perSecond)) + "/s";
    }

    /** What is out of order stands out. */
    static String word(Edge.Status status) {
        return status == Edge.Status.ACTIVE ? "active" : status.name();
    }

    private static String pair(String what, String value) {
        return String.format(Locale.ROOT, "  %-12s %s", what, value);
    }

    private static int width(Stream<String> texts) {
        return Math.max(
                7,
                texts.mapToInt(text -> Math.min(WIDEST_NAME, text.length()))
                        .max()
                        .orElse(0));
    }

    /** Columns of these widths; the last one has none. */
    private static String row(List<Integer> widths, String... columns) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.length; i++) {
            line.append(columns[i]);
            if (i < widths.size()) {
                line.append(" ".repeat(Math.max(0, widths.get(i) - columns[i].length()) + 2));
            }
        }
        return line.toString().stripTrailing();
    }
}
