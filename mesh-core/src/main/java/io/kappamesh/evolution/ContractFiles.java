package io.kappamesh.evolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.declaration.DeclarationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Contracts in a repository: {@code released/sales.orders.v1.json} has all releases of a port, the oldest first, and {@code
 * needs/logistics.shipments.json} what a product needs of the ports that it reads. They are the documents of the catalogue, with schemas as
 * JSON, so that a review shows what changes. One thread at a time.
 */
public final class ContractFiles {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();
    private static final DefaultPrettyPrinter PRETTY = new DefaultPrettyPrinter()
            .withArrayIndenter(new DefaultIndenter("  ", "\n"))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    private static final String RELEASES = "releases";
    private static final String INPUTS = "inputs";
    private static final String SCHEMA = "schema";

    /**
     * What a product needs.
     *
     * @param product who reads
     * @param inputs what it reads of published ports
     */
    public record Needs(String product, List<InputDescription> inputs) {
        public Needs {
            inputs = List.copyOf(inputs);
        }

        /** Of published ports; what a product reads of its own private sources is nobody else's. */
        public static Needs of(ProductDescription product) {
            return new Needs(
                    product.product(),
                    product.inputs().stream()
                            .filter(input -> input.source() == null)
                            .toList());
        }
    }

    private final Path directory;

    /** @param directory with {@code released} and {@code needs} in it; it may be one inside of a jar */
    public ContractFiles(Path directory) {
        this.directory = directory;
    }

    /** The releases of a port, the oldest first; empty = it has none. */
    public List<OutputDescription> releases(String port) {
        Path file = released(port);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<OutputDescription> releases = new ArrayList<>();
        for (JsonNode one : read(file).path(RELEASES)) {
            releases.add(value(file, withText(one, "records"), OutputDescription.class));
        }
        return releases;
    }

    /** Adds a release of a port. */
    public void release(OutputDescription port) {
        Path file = released(port.address());
        ObjectNode all = Files.exists(file)
                ? (ObjectNode) read(file)
                : JSON.createObjectNode().put("port", port.address());
        all.withArray(RELEASES).add(contract(port));
        write(file, all);
    }

    /** Whether a port is what its newest release says. */
    public boolean isReleased(OutputDescription port) {
        Path file = released(port.address());
        JsonNode releases = Files.exists(file) ? read(file).path(RELEASES) : JSON.createArrayNode();
        return !releases.isEmpty() && releases.get(releases.size() - 1).equals(contract(port));
    }

    /** Without the objectives of its service: they are measured, may change at any time, and no record depends on them. */
    private static JsonNode contract(OutputDescription port) {
        ObjectNode tree = JSON.valueToTree(port);
        if (tree.get("levels") instanceof ObjectNode levels) {
            levels.remove("objectives");
        }
        return withSchema(tree, "records");
    }

    /** What is known of the needs of readers, by the names of the files. */
    public List<Needs> needs() {
        Path folder = directory.resolve("needs");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .map(this::needs)
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What is known of the needs of a product; empty = nothing. */
    public Optional<Needs> needs(String product) {
        Path file = needed(product);
        return Files.exists(file) ? Optional.of(needs(file)) : Optional.empty();
    }

    private Needs needs(Path file) {
        JsonNode all = read(file);
        List<InputDescription> inputs = new ArrayList<>();
        for (JsonNode one : all.path(INPUTS)) {
            inputs.add(value(file, withText(one, "needs"), InputDescription.class));
        }
        return new Needs(all.path("product").asText(), inputs);
    }

    /** Whether what a product needs is what is kept. */
    public boolean isKept(Needs needs) {
        Path file = needed(needs.product());
        return Files.exists(file)
                ? read(file).equals(tree(needs))
                : needs.inputs().isEmpty();
    }

    /** Keeps what a product needs, in place of what was kept. */
    public void keep(Needs needs) {
        Path file = needed(needs.product());
        if (needs.inputs().isEmpty()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return;
        }
        write(file, tree(needs));
    }

    private static ObjectNode tree(Needs needs) {
        ObjectNode all = JSON.createObjectNode().put("product", needs.product());
        ArrayNode inputs = all.putArray(INPUTS);
        needs.inputs().forEach(input -> inputs.add(withSchema(JSON.valueToTree(input), "needs")));
        return all;
    }

    /** What a build declares, as one document. */
    public static String text(List<ProductDescription> products) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(products);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * What a build declares, out of one document.
     *
     * @throws DeclarationException when the text is no such document
     */
    public static List<ProductDescription> products(String text) {
        try {
            return List.of(JSON.readValue(text, ProductDescription[].class));
        } catch (JsonProcessingException other) {
            throw new DeclarationException(
                    List.of("expected what the command `contracts` of a domain prints: " + other.getOriginalMessage()));
        }
    }

    private Path released(String port) {
        return directory.resolve("released").resolve(port + ".json");
    }

    private Path needed(String product) {
        return directory.resolve("needs").resolve(product + ".json");
    }

    private static JsonNode withSchema(JsonNode description, String records) {
        ObjectNode inside = (ObjectNode) description.path(records);
        JsonNode text = inside.path(SCHEMA);
        if (text.isTextual()) {
            try {
                inside.set(SCHEMA, JSON.readTree(text.textValue()));
            } catch (JsonProcessingException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return description;
    }

    private static JsonNode withText(JsonNode description, String records) {
        JsonNode copy = description.deepCopy();
        if (copy.path(records) instanceof ObjectNode inside
                && inside.path(SCHEMA).isObject()) {
            inside.set(SCHEMA, new TextNode(inside.path(SCHEMA).toString()));
        }
        return copy;
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException noJson) {
            throw new DeclarationException(List.of(file + ": expected JSON: " + noJson.getOriginalMessage()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static <T> T value(Path file, JsonNode node, Class<T> type) {
        try {
            return JSON.treeToValue(node, type);
        } catch (JsonProcessingException other) {
            throw new DeclarationException(List.of(file + ": is no contract of this library: "
                    + other.getOriginalMessage() + "; take the file back from version control"));
        }
    }

    private static void write(Path file, ObjectNode node) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, JSON.writer(PRETTY).writeValueAsString(node) + "\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
