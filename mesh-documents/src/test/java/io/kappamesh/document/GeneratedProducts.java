package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.Owner;
import io.kappamesh.serde.GeneratedSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Descriptions of products with anything in them that a declaration can have. */
final class GeneratedProducts {
    /** What readers of YAML have taken for something else than text, and what writers have broken. */
    private static final List<String> TEXTS = List.of(
            "Orders as they are",
            "yes",
            "No",
            "null",
            "~",
            "1.0",
            "0x1F",
            "1_000",
            "12:30",
            "2026-01-01",
            "1e3",
            ".inf",
            "- a\n- b",
            "a: b",
            "a #b",
            "#",
            "{a}",
            "[a]",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "'a'",
            "\"a\"",
            "a\\b",
            " a",
            "a ",
            "\ta",
            "a\n\n b\n",
            "\n a",
            "a\r\nb",
            "\u0085",
            "\u2028x",
            "\uFEFFx",
            "\u0000",
            "\u0007x",
            "\u007f",
            "---",
            "...",
            "--- a",
            "? a",
            "a:",
            "| a",
            "> a",
            "= ",
            "<<",
            "Grüße 😀 日本",
            "x".repeat(300),
            "word ".repeat(60) + "end",
            "$ref",
            "</script>");

    private final Random random;

    GeneratedProducts(Random random) {
        this.random = random;
    }

    ProductDescription any() {
        return new ProductDescription(
                "sales.orders",
                new Owner(
                        text(), one(List.of("sales@example.org", "https://chat.example.org/sales", "#sales", text()))),
                text(),
                some(4, n -> output("sales.port-" + n + ".v" + (1 + random.nextInt(30)))),
                some(3, n -> input("other.port-" + n + ".v" + (1 + random.nextInt(3)))),
                new ProductDescription.Software(maybe(this::text), text()),
                some(2, n -> new Exemption("clock", text(), text())),
                some(2, n -> new ProductDescription.Breach("owner", one(List.of("warn", "refuse")), text())));
    }

    private OutputDescription output(String address) {
        return new OutputDescription(
                address,
                one(List.of("table", "events")),
                text(),
                records(),
                random.nextInt(100),
                maybe(() -> new OutputDescription.Levels(
                        one(List.of("PT5S", "PT0.001S", "PT36H", "P1D", "PT0.000000001S")),
                        maybe(() -> one(List.of("PT24H", "PT8760H"))),
                        maybe(() -> one(List.of("PT0S", "PT1H"))),
                        one(List.of(
                                List.<OutputDescription.Promised>of(),
                                List.of(
                                        new OutputDescription.Promised("freshness", 0.99, 30, "PT5S", null, null),
                                        new OutputDescription.Promised("volume", 1, 7, null, 10L, 2_000L),
                                        new OutputDescription.Promised("of-tomorrow", 0.5, 3, null, null, null)))))),
                maybe(() -> new OutputDescription.Succession(
                        maybe(() -> "sales.port-1.v31"),
                        maybe(() -> new OutputDescription.Ending("sales.port-2.v32", "2027-06-30")))));
    }

    private InputDescription input(String address) {
        return new InputDescription(
                address,
                one(List.of("table", "events")),
                one(List.of(address, "raw.topic")),
                maybe(this::text),
                maybe(() -> one(List.of("text", "value", "of tomorrow"))),
                records());
    }

    private RecordDescription records() {
        return new RecordDescription(
                maybe(() -> random.nextInt(1_000)),
                maybe(this::schema),
                maybe(() -> one(List.of("f0", "day"))),
                maybe(this::text),
                maybe(() -> one(List.of("f0", "orderId"))),
                some(
                        3,
                        n -> new RecordDescription.Rule(
                                text(), text(), maybe(this::text), maybe(() -> one(List.of("warn", "stop"))))),
                random.nextInt(1 << 20));
    }

    /** Some are as nobody of us would have written them, and some are no schemas at all. */
    private String schema() {
        ObjectNode record = new GeneratedSchemas(random).writer();
        adorn(record);
        String text = GeneratedSchemas.parse(record).toString();
        return switch (random.nextInt(8)) {
            case 0 -> text.replace(",", ", ");
            case 1 ->
                one(List.of("no schema", "[", "\"string\"", "{\"a\":1.0E10}", "{\"a\":1.50}", "{\"type\":\"int\"}"));
            default -> text;
        };
    }

    private void adorn(JsonNode node) {
        if (node instanceof ObjectNode object) {
            boolean isField = object.has("name") && object.has("type") && !object.has("fields");
            if (isField && random.nextInt(3) == 0) {
                object.put("doc", text());
            }
            if (isField && random.nextInt(4) == 0) {
                object.put("classification", one(List.of("personal", "public", "secret")));
            }
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.stream().filter(name -> !name.equals("default")).forEach(name -> adorn(object.get(name)));
        } else if (node instanceof ArrayNode array) {
            array.forEach(this::adorn);
        }
    }

    private String text() {
        return Stream.generate(() -> one(TEXTS))
                .limit(1 + random.nextInt(2))
                .reduce("", String::concat)
                // A team, a place and a reason are not blank.
                .replaceFirst("^\\s*$", "blank");
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(4) == 0 ? null : value.get();
    }

    private <T> List<T> some(int most, java.util.function.IntFunction<T> made) {
        return IntStream.range(0, random.nextInt(most + 1)).mapToObj(made).toList();
    }
}
