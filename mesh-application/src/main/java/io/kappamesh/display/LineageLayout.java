package io.kappamesh.display;

import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where everything of a lineage stands in a picture: what is read to the left of who reads it, as far as there are no circles. Immutable.
 *
 * @param boxes in the order in which they are drawn
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 */
record LineageLayout(List<Box> boxes, int width, int height) {
    static final int BOX_WIDTH = 290;
    static final int TITLE_HEIGHT = 50;
    static final int PORT_HEIGHT = 22;
    static final int MARGIN = 24;
    private static final int BETWEEN_COLUMNS = 190;
    private static final int BETWEEN_BOXES = 26;
    private static final int BETWEEN_ENDS = 18;
    private static final int SWEEPS = 4;

    /** What a box stands for. */
    enum Kind {
        PRODUCT,
        /** A private source of who reads it. */
        SOURCE,
        /** A port of which no product in the catalogue says that it publishes it. */
        PORT,
        /** A consumer group that is no product's. */
        GROUP
    }

    /**
     * A box with a row for each port that it publishes.
     *
     * @param name what stands in it
     * @param kind what it stands for
     * @param product empty = it stands for none
     * @param ports the addresses in its rows
     * @param incoming how many edges end at it
     * @param x its left side
     * @param y its upper side
     */
    record Box(String name, Kind kind, Optional<FoundProduct> product, List<String> ports, int incoming, int x, int y) {
        int height() {
            int rows = TITLE_HEIGHT + ports.size() * PORT_HEIGHT + (ports.isEmpty() ? 0 : 8);
            return Math.max(rows, (incoming + 1) * BETWEEN_ENDS);
        }

        /** Where the edges of a port begin. */
        int portY(String port) {
            int row = ports.indexOf(port);
            return row < 0 ? y + TITLE_HEIGHT / 2 : y + TITLE_HEIGHT + row * PORT_HEIGHT + PORT_HEIGHT / 2;
        }

        /** Where an edge ends, out of those that do, from above. */
        int inY(int number) {
            return y + height() * (number + 1) / (incoming + 1);
        }

        private Box at(int otherX, int otherY) {
            return new Box(name, kind, product, ports, incoming, otherX, otherY);
        }
    }

    static LineageLayout of(Catalog catalog) {
        Map<String, Box> boxes = boxes(catalog);
        Map<String, String> publishers = new HashMap<>();
        boxes.values().forEach(box -> box.ports().forEach(port -> publishers.put(port, box.name())));
        Map<String, Set<String>> before = new HashMap<>();
        for (Edge edge : catalog.edges()) {
            String from = publishers.getOrDefault(edge.port(), edge.port());
            if (!from.equals(edge.reader())) {
                before.computeIfAbsent(edge.reader(), name -> new TreeSet<>()).add(from);
            }
        }
        Map<Integer, List<String>> columns = new TreeMap<>();
        Map<String, Integer> depths = new HashMap<>();
        for (String name : boxes.keySet()) {
            columns.computeIfAbsent(depth(name, before, depths), depth -> new ArrayList<>())
                    .add(name);
        }
        untangle(columns, before);
        return placed(columns, boxes);
    }

    private static Map<String, Box> boxes(Catalog catalog) {
        Map<String, Integer> incoming = new HashMap<>();
        catalog.edges().forEach(edge -> incoming.merge(edge.reader(), 1, Integer::sum));
        Map<String, Box> boxes = new LinkedHashMap<>();
        Set<String> published = new TreeSet<>();
        for (FoundProduct product : catalog.products()) {
            List<String> ports = product.description().stream()
                    .flatMap(known -> known.outputs().stream())
                    .map(output -> output.address())
                    .toList();
            published.addAll(ports);
            boxes.put(
                    product.name().toString(),
                    new Box(
                            product.name().toString(),
                            Kind.PRODUCT,
                            Optional.of(product),
                            ports,
                            incoming.getOrDefault(product.name().toString(), 0),
                            0,
                            0));
        }
        for (Edge edge : catalog.edges()) {
            if (!published.contains(edge.port())) {
                boxes.putIfAbsent(
                        edge.port(),
                        new Box(
                                edge.port(),
                                edge.isSource() ? Kind.SOURCE : Kind.PORT,
                                Optional.empty(),
                                List.of(),
                                0,
                                0,
                                0));
            }
            boxes.putIfAbsent(
                    edge.reader(),
                    new Box(
                            edge.reader(),
                            Kind.GROUP,
                            Optional.empty(),
                            List.of(),
                            incoming.getOrDefault(edge.reader(), 0),
                            0,
                            0));
        }
        return boxes;
    }

    /** The longest way from what is read by nobody of these, without recursion: domains may read each other in long chains and in circles. */
    private static int depth(String start, Map<String, Set<String>> before, Map<String, Integer> depths) {
        List<String> way = new ArrayList<>(List.of(start));
        Set<String> under = new TreeSet<>(way);
        while (!way.isEmpty()) {
            String name = way.get(way.size() - 1);
            Optional<String> open = before.getOrDefault(name, Set.of()).stream()
                    .filter(one -> !depths.containsKey(one) && !under.contains(one))
                    .findFirst();
            if (open.isPresent()) {
                way.add(open.get());
                under.add(open.get());
                continue;
            }
            depths.put(
                    name,
                    before.getOrDefault(name, Set.of()).stream()
                            .mapToInt(one -> depths.getOrDefault(one, -1) + 1)
                            .max()
                            .orElse(0));
            under.remove(name);
            way.remove(way.size() - 1);
        }
        return depths.getOrDefault(start, 0);
    }

    /** Brings who reads near to what is read. */
    private static void untangle(Map<Integer, List<String>> columns, Map<String, Set<String>> before) {
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            Map<String, Double> ranks = new HashMap<>();
            columns.values().forEach(column -> {
                Map<String, Double> wished = new HashMap<>();
                for (int i = 0; i < column.size(); i++) {
                    double own = i;
                    wished.put(
                            column.get(i),
                            before.getOrDefault(column.get(i), Set.of()).stream()
                                    .filter(ranks::containsKey)
                                    .mapToDouble(one -> ranks.getOrDefault(one, own))
                                    .average()
                                    .orElse(own));
                }
                column.sort(Comparator.comparingDouble((String name) -> wished.getOrDefault(name, 0.0))
                        .thenComparing(name -> name));
                for (int i = 0; i < column.size(); i++) {
                    ranks.put(column.get(i), (double) i);
                }
            });
        }
    }

    private static LineageLayout placed(Map<Integer, List<String>> columns, Map<String, Box> boxes) {
        int tallest = 0;
        for (List<String> column : columns.values()) {
            tallest = Math.max(tallest, height(column, boxes));
        }
        List<Box> placed = new ArrayList<>();
        int x = MARGIN;
        for (List<String> column : columns.values()) {
            int y = MARGIN + (tallest - height(column, boxes)) / 2;
            for (String name : column) {
                Box box = boxes.get(name);
                if (box != null) {
                    placed.add(box.at(x, y));
                    y += box.height() + BETWEEN_BOXES;
                }
            }
            x += BOX_WIDTH + BETWEEN_COLUMNS;
        }
        return new LineageLayout(
                placed, Math.max(BOX_WIDTH + 2 * MARGIN, x - BETWEEN_COLUMNS + MARGIN), tallest + 2 * MARGIN);
    }

    private static int height(List<String> column, Map<String, Box> boxes) {
        return column.stream()
                        .map(boxes::get)
                        .mapToInt(box -> box == null ? 0 : box.height() + BETWEEN_BOXES)
                        .sum()
                - BETWEEN_BOXES;
    }
}
