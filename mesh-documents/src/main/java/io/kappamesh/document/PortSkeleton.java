package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.Internal;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.declaration.DeclarationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/**
 * The declaration of a port, to begin with: its Avro schema and its Java, made of a data contract. A contract that this library has written gives the
 * port that it was made of, but for rules that are code; of any other contract it takes what it can, and says what somebody has to look at.
 *
 * @param files the text of each file, by its path in a project
 * @param notes what the contract does not say, or what could not be taken: a sentence each
 */
@Internal
public record PortSkeleton(Map<String, String> files, List<String> notes) {
    private static final Pattern MAJOR = Pattern.compile("v?([1-9][0-9]{0,5})(\\..*)?");
    private static final String NAMESPACE = "namespace";

    public PortSkeleton {
        notes = List.copyOf(notes);
    }

    /**
     * Of a contract in ODCS.
     *
     * @param text in YAML or JSON
     * @param packageName of the Java class; empty = {@code org.example} and the domain
     * @throws DeclarationException when it is no contract, or has no schema
     */
    public static PortSkeleton ofOdcs(String text, Optional<String> packageName) {
        JsonNode contract = DocumentText.tree(text);
        if (!contract.path("kind").asText().equals(OdcsContract.KIND)) {
            throw new DeclarationException(
                    List.of("expected a document of ODCS, with kind: DataContract; name the contract of a port"));
        }
        JsonNode object = contract.path("schema").path(0);
        if (object.isMissingNode()) {
            throw new DeclarationException(List.of("contract "
                    + contract.path("id").asText() + ": has no schema; a port is made of what its schema says"));
        }
        List<String> notes = new ArrayList<>();
        if (contract.path("schema").size() > 1) {
            notes.add("The contract has more than one schema; only the first, "
                    + object.path("name").asText() + ", was taken. Split it into one contract for each");
        }
        PortAddress address = address(contract, notes);
        String java = packageName.orElse("org.example." + segment(address.domain()));
        if (!SourceVersion.isName(java)) {
            throw new DeclarationException(List.of("package '" + java + "': Java does not take it as a name"));
        }
        ObjectNode avro = avro(contract, object, address, java, notes);
        PortCode code = new PortCode(contract, object, address, avro, notes);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("src/main/avro/" + address + ".avsc", DocumentText.json(avro) + "\n");
        files.put("src/main/java/" + java.replace('.', '/') + "/" + code.className() + ".java", code.text(java));
        return new PortSkeleton(files, notes);
    }

    private static PortAddress address(JsonNode contract, List<String> notes) {
        String id = contract.path("id").asText();
        try {
            return PortAddress.of(id);
        } catch (DeclarationException another) {
            Matcher major = MAJOR.matcher(contract.path("version").asText());
            String object = contract.path("schema").path(0).path("name").asText("port");
            PortAddress address = new PortAddress(
                    slug(contract.path("domain").asText(), "domain"),
                    slug(contract.path("name").asText(object), "port"),
                    major.matches() ? Integer.parseInt(major.group(1)) : 1);
            notes.add("The contract's id is no address of a port; it became " + address);
            return address;
        }
    }

    private static String slug(String text, String otherwise) {
        String slug = text.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+|-+$", "");
        return slug.isEmpty() ? otherwise : slug;
    }

    /** A part of a package's name. */
    private static String segment(String slug) {
        String segment = slug.replace("-", "");
        return SourceVersion.isKeyword(segment) ? segment + "_" : segment;
    }

    private static ObjectNode avro(
            JsonNode contract, JsonNode object, PortAddress address, String java, List<String> notes) {
        ObjectNode records = OdcsContract.records(contract);
        if (Descriptions.schema(records).isPresent()
                && DocumentText.tree(records.path(Descriptions.SCHEMA).asText()) instanceof ObjectNode own) {
            return own;
        }
        AvroSkeleton skeleton = new AvroSkeleton();
        ObjectNode record = skeleton.record(
                object.path("name").asText(address.name()),
                object.path("description").asText(),
                object.path("properties"));
        notes.addAll(skeleton.notes());
        ObjectNode named = Descriptions.node();
        named.set("type", record.remove("type"));
        named.set("name", record.remove("name"));
        named.put(NAMESPACE, java + "." + segment(address.name()) + ".v" + address.major());
        named.setAll(record);
        return named;
    }
}
