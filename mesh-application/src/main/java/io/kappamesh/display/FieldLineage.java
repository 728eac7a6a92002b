package io.kappamesh.display;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which fields of a port its readers read, by the schemas with which they do. A field that has others inside stands for itself only where nothing of its inside is read by name.
 * Stateless.
 */
public final class FieldLineage {
    private FieldLineage() {}

    /** The fields that a reader declares; empty = it does not say so in a catalogue, or not by a schema that can be read. */
    static Optional<List<String>> of(Catalog catalog, Edge edge) {
        return catalog.products().stream()
                .filter(product -> product.name().toString().equals(edge.reader()))
                .flatMap(product -> product.description().stream())
                .flatMap(known -> known.inputs().stream())
                .filter(input -> input.address().equals(edge.port()))
                .map(InputDescription::needs)
                .map(FieldLineage::leaves)
                .filter(fields -> !fields.isEmpty())
                .findFirst();
    }

    private static List<String> leaves(RecordDescription records) {
        List<String> all = Stream.ofNullable(records.schema())
                .flatMap(schema -> FieldMeaning.of(schema).stream())
                .map(FieldMeaning::path)
                .distinct()
                .toList();
        return all.stream()
                .filter(path -> all.stream().noneMatch(other -> isInside(other, path)))
                .toList();
    }

    private static boolean isInside(String path, String of) {
        return path.length() > of.length() && path.startsWith(of) && ".[{".indexOf(path.charAt(of.length())) >= 0;
    }

    /** For each port that is read: which of its fields are read by whom, and which by nobody who says so. */
    public static List<String> text(Catalog catalog) {
        Map<String, List<Edge>> byPort =
                catalog.edges().stream().collect(Collectors.groupingBy(Edge::port, TreeMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        byPort.forEach((port, edges) -> {
            Map<String, Set<String>> readers = new TreeMap<>();
            List<String> silent = new ArrayList<>();
            for (Edge edge : edges) {
                Optional<List<String>> fields = of(catalog, edge);
                fields.ifPresent(known -> known.forEach(field ->
                        readers.computeIfAbsent(field, one -> new TreeSet<>()).add(edge.reader())));
                if (fields.isEmpty()) {
                    silent.add(edge.reader());
                }
            }
            lines.add(port);
            readers.forEach(
                    (field, who) -> lines.add("  " + Plain.text(field) + "  <- " + Plain.text(String.join(", ", who))));
            unread(catalog, port, readers.keySet())
                    .forEach(field -> lines.add("  " + Plain.text(field) + "  of nobody who says so"));
            silent.forEach(reader -> lines.add("  ?  <- " + Plain.text(reader) + ", whose fields are not known"));
        });
        return lines;
    }

    /** A field is read too where a reader reads something that it is inside of, or that is inside of it. */
    private static List<String> unread(Catalog catalog, String port, Set<String> read) {
        return catalog.port(port).stream()
                .flatMap(known -> leaves(known.output().records()).stream())
                .filter(field -> read.stream()
                        .noneMatch(one -> one.equals(field) || isInside(one, field) || isInside(field, one)))
                .toList();
    }

    /** The fields of each reader that says so, for a program. */
    public static ArrayNode json(Catalog catalog) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        catalog.edges()
                .forEach(edge -> of(catalog, edge).ifPresent(fields -> {
                    ObjectNode one = all.addObject().put("port", edge.port()).put("reader", edge.reader());
                    ArrayNode names = one.putArray("fields");
                    fields.forEach(names::add);
                }));
        return all;
    }
}
