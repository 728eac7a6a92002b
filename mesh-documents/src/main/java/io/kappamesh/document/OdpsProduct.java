package io.kappamesh.document;

import static io.kappamesh.document.Descriptions.take;
import static io.kappamesh.document.Descriptions.takeText;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import java.util.Map;

/** A data product as ODPS 1.0.0. What its published ports promise stands in their contracts. Stateless. */
final class OdpsProduct {
    static final String KIND = "DataProduct";

    private static final String ADDRESS = "address";
    private static final String VERSION = "version";
    private static final String CONTRACT = "contractId";
    private static final String NAME = "name";
    private static final String DESCRIPTION = "description";
    private static final String NEEDS = "needs";
    private static final String PURPOSE = "purpose";

    private OdpsProduct() {}

    static ObjectNode of(ProductDescription product, Place place) {
        ObjectNode rest = Descriptions.tree(product);
        ObjectNode document = Descriptions.node()
                .put("apiVersion", "v1.0.0")
                .put("kind", KIND)
                .put("id", takeText(rest, "product").orElseThrow())
                .put(NAME, product.name().name());
        if (product.software().build() != null) {
            document.put(VERSION, product.software().build());
        }
        document.put("status", "active").put("domain", product.name().domain());
        document.putObject(DESCRIPTION).put(PURPOSE, takeText(rest, DESCRIPTION).orElse(""));
        Owners.put(take(rest, "owner").orElseThrow(), document);
        JsonNode inputs = take(rest, "inputs").orElseThrow();
        ArrayNode ports = document.putArray("outputPorts");
        for (OutputDescription output : product.outputs()) {
            ObjectNode port = port(ports.addObject(), output.address())
                    .put(DESCRIPTION, output.description())
                    .put("type", "kafka");
            for (JsonNode input : inputs) {
                PortAddress address = PortAddress.of(input.path(ADDRESS).asText());
                port.withArray("inputContracts")
                        .addObject()
                        .put("id", address.toString())
                        .put(VERSION, String.valueOf(address.major()));
            }
            List<String> readers = place.readersOf(output.address());
            if (!readers.isEmpty()) {
                Extensions.custom(port, "readers", Extensions.texts(readers));
            }
        }
        rest.remove("outputs");
        ports = document.putArray("inputPorts");
        for (JsonNode input : inputs) {
            ObjectNode port = port(ports.addObject(), input.path(ADDRESS).asText());
            ObjectNode further = (ObjectNode) input;
            further.remove(ADDRESS);
            Descriptions.openSchema((ObjectNode) further.path(NEEDS));
            Extensions.custom(port, further);
        }
        document.putArray("managementPorts")
                .addObject()
                .put(NAME, "catalogue")
                .put("content", "discoverability")
                .put("type", "topic")
                .put("channel", CatalogTopic.of(product.name().domain()))
                .put(
                        DESCRIPTION,
                        "What the product is and how it is, as records in JSON; its keys begin with product/ and state/");
        Extensions.custom(document, rest);
        return document;
    }

    private static ObjectNode port(ObjectNode into, String text) {
        PortAddress address = PortAddress.of(text);
        return into.put(NAME, address.toString())
                .put(VERSION, String.valueOf(address.major()))
                .put(CONTRACT, address.toString());
    }

    /**
     * The description of the product that a document is made of.
     *
     * @param contracts of its published ports, by address
     */
    static ProductDescription product(JsonNode document, Map<String, OutputDescription> contracts) {
        ObjectNode tree = Extensions.ofCustom(document);
        String name = document.path("id").asText();
        tree.put("product", name);
        tree.set("owner", Owners.of(document));
        tree.put(DESCRIPTION, document.path(DESCRIPTION).path(PURPOSE).asText());
        ArrayNode inputs = tree.putArray("inputs");
        for (JsonNode port : document.path("inputPorts")) {
            ObjectNode input = Extensions.ofCustom(port);
            input.set(ADDRESS, port.path(CONTRACT));
            if (input.path(NEEDS) instanceof ObjectNode needs) {
                Descriptions.closeSchema(needs);
            }
            inputs.add(input);
        }
        ArrayNode outputs = tree.putArray("outputs");
        for (JsonNode port : document.path("outputPorts")) {
            OutputDescription contract = contracts.get(port.path(CONTRACT).asText());
            if (contract == null) {
                throw new DeclarationException(List.of("product " + name + ": the contract "
                        + port.path(CONTRACT).asText()
                        + " of a port is missing; read it together with its ODCS documents"));
            }
            outputs.add(Descriptions.tree(contract));
        }
        return Descriptions.description("product " + name, tree, ProductDescription.class);
    }
}
