package io.kappamesh.lint;

import io.kappamesh.Unlimited;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.PortKind;
import io.kappamesh.lint.StreamsInternals.Operator;
import io.kappamesh.topology.AssembledProduct;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.streams.TopologyDescription;

/** Judges the operators of a topology and what they were given. Used once, by one thread. */
final class TopologyRules {
    private final DataProduct product;
    private final TopologyDescription description;
    private final TopologyProbe.Seen seen;
    private final Lineage lineage;
    private final Set<String> finalInputs;
    private final Set<String> tablePorts;
    private final Set<String> foreign;
    private final Set<String> retractable;
    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Set<String> unjudged = new LinkedHashSet<>();

    TopologyRules(DataProduct product, AssembledProduct assembled, TopologyProbe.Seen seen) {
        this.product = product;
        this.description = assembled.topology().describe();
        this.finalInputs = new TreeSet<>(assembled.finalInputs());
        this.seen = seen;
        this.lineage = new Lineage(description);
        this.tablePorts = topics(product, input -> input.kind() == PortKind.TABLE);
        this.foreign = topics(product, input -> input.source().isEmpty());
        this.retractable = topics(
                product,
                input -> input.source().isPresent() && input.kind() == PortKind.EVENTS && input.isCorrectable());
    }

    private static Set<String> topics(DataProduct product, Predicate<InputPort<?>> which) {
        return product.inputs().stream()
                .filter(which)
                .flatMap(input -> input.topics().stream())
                .collect(Collectors.toSet());
    }

    List<Finding> findings() {
        finalInputs.forEach(this::finalInput);
        description
                .globalStores()
                .forEach(global -> global.processor()
                        .stores()
                        .forEach(store -> found(Rule.GLOBAL_TABLE, store, "is a global store")));
        seen.suppliers().forEach((name, supplier) -> {
            try {
                operator(name, supplier);
            } catch (UnknownInternalsException changed) {
                unjudged.add("product " + product.name() + ": " + name + ": " + changed.getMessage());
            }
        });
        return List.copyOf(findings);
    }

    /** Which processors could not be judged, and why; known after {@link #findings()}. */
    List<String> unjudged() {
        return List.copyOf(unjudged);
    }

    private void operator(String name, Object supplier) {
        Operator operator = StreamsInternals.operator(supplier);
        switch (operator) {
            case STREAM_TABLE_JOIN -> {
                streamState(name, operator);
                join(name, supplier);
            }
            case GLOBAL_TABLE_JOIN -> found(Rule.GLOBAL_TABLE, name, "joins with a global table");
            case SUPPRESS -> found(Rule.EMIT_ON_CLOSE, name, "suppresses by time");
            case OTHER -> {}
            default -> {
                streamState(name, operator);
                windows(name, operator, supplier);
            }
        }
    }

    private void finalInput(String processor) {
        corrected(
                processor,
                lineage.topicsBehind(processor),
                "takes for final what comes from a table, of which compaction keeps the latest only",
                "takes for final what comes from a source whose events can be retracted",
                "takes for final what comes from the port of another product, which can be corrected");
    }

    /** State of a stream: every record adds to it, and a null changes nothing. */
    private void streamState(String name, Operator operator) {
        if (!finalInputs.contains(name)) {
            corrected(
                    given(name, operator),
                    lineage.topicsBehind(name),
                    "aggregates or joins the changes of a table, of which compaction keeps the latest only",
                    "aggregates or joins a stream of a source whose events can be retracted, of which nothing is taken back",
                    "aggregates or joins a stream of the port of another product, of which nothing is taken back when it is corrected");
        }
    }

    private void corrected(
            String where, Set<String> topics, String ofPrivateTables, String ofRetractions, String ofOthers) {
        Set<String> tables = both(topics, tablePorts);
        tables.removeAll(foreign);
        corrected(where, tables, ofPrivateTables);
        corrected(where, both(topics, retractable), ofRetractions);
        corrected(where, both(topics, foreign), ofOthers);
    }

    private void corrected(String where, Set<String> topics, String what) {
        if (!topics.isEmpty()) {
            found(Rule.CORRECTED_INPUT, where, what + " (" + text(topics) + ")");
        }
    }

    /** The name that the author gave: a join of streams has a processor for each side. */
    private static String given(String name, Operator operator) {
        return operator == Operator.STREAM_JOIN || operator == Operator.STREAM_JOIN_RIGHT
                ? name.replaceFirst("(-outer)?-(this|other)-join$", "")
                : name;
    }

    private void join(String name, Object supplier) {
        Set<String> tables = new TreeSet<>(lineage.stores(name));
        tables.removeAll(seen.ownStores(name));
        Set<String> plain = new TreeSet<>(tables);
        plain.removeIf(
                store -> seen.store(store).map(StreamsInternals::isVersioned).orElse(false));
        if (!plain.isEmpty()) {
            found(
                    Rule.STREAM_TABLE_JOIN,
                    name,
                    "joins a stream with a table that keeps the latest row only (" + text(plain) + ")");
            return;
        }
        Optional<Duration> grace = StreamsInternals.joinGrace(supplier);
        if (grace.filter(stated -> !stated.isZero()).isEmpty()) {
            found(
                    Rule.STREAM_TABLE_JOIN,
                    name,
                    "joins a stream with a versioned table (" + text(tables) + ") without a grace");
        }
        Set<String> behind = new TreeSet<>();
        tables.forEach(store -> behind.addAll(topicsBehindStore(store)));
        Set<String> compacted = both(behind, tablePorts);
        Set<String> corrected = both(behind, foreign);
        Set<String> retracted = both(behind, retractable);
        if (!compacted.isEmpty()) {
            found(
                    Rule.STREAM_TABLE_JOIN,
                    name,
                    "joins a stream with a versioned table (" + text(tables)
                            + ") over a table port, whose earlier rows compaction takes away (" + text(compacted)
                            + ")");
        } else if (!corrected.isEmpty()) {
            found(
                    Rule.STREAM_TABLE_JOIN,
                    name,
                    "joins a stream with a versioned table (" + text(tables)
                            + ") over the port of another product, which can be corrected (" + text(corrected) + ")");
        } else if (!retracted.isEmpty()) {
            found(
                    Rule.STREAM_TABLE_JOIN,
                    name,
                    "joins a stream with a versioned table (" + text(tables)
                            + ") over a source whose events can be retracted (" + text(retracted) + ")");
        }
    }

    private Set<String> topicsBehindStore(String store) {
        Set<String> topics = new TreeSet<>();
        seen.suppliers().keySet().stream()
                .filter(processor -> seen.ownStores(processor).contains(store))
                .forEach(owner -> topics.addAll(lineage.topicsBehind(owner)));
        return topics;
    }

    private void windows(String name, Operator operator, Object supplier) {
        StreamsInternals.windowGraceMillis(supplier)
                .filter(grace -> grace < Unlimited.SPAN.toMillis())
                .ifPresent(grace -> found(
                        Rule.CLOSING_WINDOW,
                        given(name, operator),
                        grace == 0
                                ? "has windows that close at once, for it states no grace"
                                : "has windows that close with a grace of " + Duration.ofMillis(grace)));
        if (StreamsInternals.emitsOnClose(supplier)) {
            found(Rule.EMIT_ON_CLOSE, name, "emits when its windows close");
        }
    }

    private void found(Rule rule, String where, String what) {
        findings.add(new Finding(product.name(), rule, where, what));
    }

    private static Set<String> both(Set<String> some, Set<String> others) {
        Set<String> both = new TreeSet<>(some);
        both.retainAll(others);
        return both;
    }

    private static String text(Set<String> names) {
        return String.join(", ", names);
    }
}
