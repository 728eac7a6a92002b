package io.kappamesh.display;

import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Formatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who reads whom, as a picture in SVG 1.1 that needs nothing else: no script, no font, no style sheet from anywhere. All text in it is escaped.
 * Stateless.
 */
public final class LineageSvg {
    private static final int LONGEST_TITLE = 30;
    private static final int LONGEST_LINE = 38;
    private static final int LEGEND_HEIGHT = 44;

    private final StringBuilder svg = new StringBuilder();
    private final Formatter out = new Formatter(svg, Locale.ROOT);

    private LineageSvg() {}

    /** @param now stands below the picture */
    public static String of(Catalog catalog, Instant now) {
        LineageSvg picture = new LineageSvg();
        picture.draw(catalog, LineageLayout.of(catalog), now);
        return picture.svg.append('\n').toString();
    }

    private void draw(Catalog catalog, LineageLayout layout, Instant now) {
        int width = Math.max(layout.width(), 640);
        int height = layout.height() + LEGEND_HEIGHT;
        out.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">",
                width, height, width, height);
        out.format("\n<title>Lineage</title>");
        out.format("""
                <style>
                text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; font-size: 12px; fill: #334155; }
                .name { font-size: 13px; font-weight: 600; fill: #0f172a; }
                .quiet { fill: #64748b; font-size: 11px; }
                .figure { fill: #475569; font-size: 11px; paint-order: stroke; stroke: #f8fafc; stroke-width: 4px; }
                .box { fill: #ffffff; stroke: #cbd5e1; }
                .edge { fill: none; stroke-width: 1.8; }
                .ACTIVE { stroke: #0d9488; }
                .SILENT { stroke: #94a3b8; stroke-dasharray: 5 5; }
                .UNDECLARED { stroke: #dc2626; stroke-dasharray: 2 4; }
                </style>
                <defs>""");
        for (Edge.Status status : Edge.Status.values()) {
            out.format(
                    "\n<marker id=\"to-%s\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
                            + "<path d=\"M0 0 L8 4 L0 8 z\" fill=\"%s\"/></marker>",
                    status, colour(status));
        }
        out.format("\n</defs>");
        out.format("\n<rect width=\"%d\" height=\"%d\" fill=\"#f8fafc\"/>", width, height);
        Map<String, LineageLayout.Box> byName = new HashMap<>();
        Map<String, LineageLayout.Box> byPort = new HashMap<>();
        for (LineageLayout.Box box : layout.boxes()) {
            byName.put(box.name(), box);
            box.ports().forEach(port -> byPort.put(port, box));
        }
        Map<String, List<Line>> lines = new TreeMap<>();
        for (Edge edge : catalog.edges()) {
            LineageLayout.Box from = byPort.getOrDefault(edge.port(), byName.get(edge.port()));
            if (from != null) {
                lines.computeIfAbsent(edge.reader(), reader -> new ArrayList<>())
                        .add(new Line(edge, from));
            }
        }
        lines.forEach((reader, ends) -> {
            LineageLayout.Box to = byName.get(reader);
            ends.sort(Comparator.comparingInt(Line::beginsAt));
            for (int i = 0; to != null && i < ends.size(); i++) {
                edge(ends.get(i), to, to.inY(i));
            }
        });
        layout.boxes().forEach(this::box);
        legend(layout.height(), now);
        out.format("\n</svg>");
    }

    /** An edge and the box where it begins. */
    private record Line(Edge edge, LineageLayout.Box from) {
        int beginsAt() {
            return from.portY(edge.port());
        }
    }

    private void edge(Line drawn, LineageLayout.Box to, int y2) {
        Edge edge = drawn.edge();
        int x1 = drawn.from().x() + LineageLayout.BOX_WIDTH;
        int y1 = drawn.beginsAt();
        int x2 = to.x();
        // Who is to the left of what it reads, in a circle, is reached by a wider curve.
        int bend = x2 > x1 ? (x2 - x1) / 2 : 120;
        out.format("\n<g>");
        out.format(
                "\n<title>%s reads %s: %s</title>",
                escaped(edge.reader()),
                escaped(edge.port()),
                edge.status().name().toLowerCase(Locale.ROOT));
        out.format(
                "\n<path class=\"edge %s\" d=\"M%d %d C%d %d %d %d %d %d\" marker-end=\"url(#to-%s)\"/>",
                edge.status(), x1, y1, x1 + bend, y1, x2 - bend, y2, x2 - 2, y2, edge.status());
        out.format(
                "\n<text class=\"figure\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                x2 - 12, y2 - 4, escaped(figures(edge)));
        out.format("\n</g>");
    }

    private static String figures(Edge edge) {
        String version = version(edge.port());
        if (edge.status() != Edge.Status.ACTIVE) {
            return version + " · " + edge.status().name().toLowerCase(Locale.ROOT);
        }
        return edge.figures().lag().isEmpty()
                ? version
                : version + " · lag " + HumanNumbers.count(edge.figures().lag().getAsLong()) + " · "
                        + CatalogText.rate(edge.figures().ratePerSecond().orElse(0));
    }

    private static String version(String port) {
        try {
            return "v" + PortAddress.of(port).major();
        } catch (DeclarationException noAddress) {
            return "";
        }
    }

    /** An ending of a port that is deprecated; the successor is told to who points at it. */
    private static String ending(LineageLayout.Box box, String port) {
        return box.product()
                .flatMap(FoundProduct::description)
                .flatMap(known -> known.outputs().stream()
                        .filter(output -> output.address().equals(port))
                        .findFirst())
                .flatMap(OutputDescription::ending)
                .map(ending -> "<tspan fill=\"#b45309\"> deprecated<title>" + escaped(port + " " + ending.sentence())
                        + "</title></tspan>")
                .orElse("");
    }

    private void box(LineageLayout.Box box) {
        out.format("\n<g>");
        out.format("\n<title>%s</title>", escaped(tip(box)));
        out.format(
                "\n<rect class=\"box\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"%s/>",
                box.x(),
                box.y(),
                LineageLayout.BOX_WIDTH,
                box.height(),
                box.kind() == LineageLayout.Kind.PRODUCT ? 8 : 22,
                box.kind() == LineageLayout.Kind.PRODUCT ? "" : " fill-opacity=\"0.6\" stroke-dasharray=\"3 3\"");
        box.product()
                .ifPresent(product -> out.format(
                        "\n<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"%s\"/>",
                        box.x() + LineageLayout.BOX_WIDTH - 16, box.y() + 17, colour(product)));
        out.format(
                "\n<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>",
                box.x() + 14, box.y() + 22, escaped(Plain.text(box.name(), LONGEST_TITLE)));
        out.format(
                "\n<text class=\"quiet\" x=\"%d\" y=\"%d\">%s</text>",
                box.x() + 14, box.y() + 39, escaped(Plain.text(below(box), LONGEST_LINE)));
        List<String> ports = box.ports();
        for (String port : ports) {
            int y = box.portY(port);
            out.format(
                    "\n<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#e2e8f0\"/>",
                    box.x() + 1,
                    y - LineageLayout.PORT_HEIGHT / 2,
                    box.x() + LineageLayout.BOX_WIDTH - 1,
                    y - LineageLayout.PORT_HEIGHT / 2);
            out.format(
                    "\n<text x=\"%d\" y=\"%d\">%s</text>",
                    box.x() + 14, y + 4, escaped(Plain.text(port, LONGEST_LINE - 4)) + ending(box, port));
            out.format(
                    "\n<circle cx=\"%d\" cy=\"%d\" r=\"3.5\" fill=\"#0d9488\"/>", box.x() + LineageLayout.BOX_WIDTH, y);
        }
        out.format("\n</g>");
    }

    private static String below(LineageLayout.Box box) {
        return switch (box.kind()) {
            case PRODUCT ->
                box.product()
                        .map(one -> one.state().toLowerCase(Locale.ROOT)
                                + one.description()
                                        .map(known -> " · " + known.owner().team())
                                        .orElse(""))
                        .orElse("");
            case SOURCE -> "a private source";
            case PORT -> "a port of no product in the catalogue";
            case GROUP -> "a consumer group";
        };
    }

    private static String tip(LineageLayout.Box box) {
        return Plain.text(box.product()
                .flatMap(FoundProduct::description)
                .map(known -> box.name() + ": " + known.description())
                .orElse(box.name()));
    }

    private void legend(int y, Instant now) {
        int x = LineageLayout.MARGIN;
        for (Edge.Status status : Edge.Status.values()) {
            out.format(
                    "\n<line class=\"edge %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>",
                    status, x, y + 18, x + 30, y + 18);
            String word = status.name().toLowerCase(Locale.ROOT);
            out.format("\n<text class=\"quiet\" x=\"%d\" y=\"%d\">%s</text>", x + 38, y + 22, word);
            x += 60 + word.length() * 7;
        }
        out.format(
                "\n<text class=\"quiet\" x=\"%d\" y=\"%d\">%s</text>",
                x + 20, y + 22, now.truncatedTo(ChronoUnit.SECONDS));
    }

    private static String colour(Edge.Status status) {
        return switch (status) {
            case ACTIVE -> "#0d9488";
            case SILENT -> "#94a3b8";
            case UNDECLARED -> "#dc2626";
        };
    }

    private static String colour(FoundProduct product) {
        if (!product.running()) {
            return "#94a3b8";
        }
        return product.state().equals("LIVE") ? "#16a34a" : "#f59e0b";
    }

    /** As text and as the value of an attribute; what XML cannot have is gone. */
    static String escaped(String text) {
        return Plain.text(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
