package io.kappamesh.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A data product as entities of Backstage: a System, which is the product; a Component, which is the program that computes it; and an API
 * for each published port, whose definition is the AsyncAPI document of that port. Stateless.
 */
final class BackstageEntities {
    /** The longest name of an entity. */
    private static final int LONGEST = 63;

    private static final String DEFINITION = "asyncapi";

    private BackstageEntities() {}

    static List<ObjectNode> of(ProductDescription product, Place place) {
        String name = name(product.product());
        String owner = "group:" + name(product.owner().team());
        List<ObjectNode> entities = new ArrayList<>();

        ObjectNode system = entity("System", name, product.product(), product.description());
        contact(product.owner().contact(), system);
        system.putObject("spec")
                .put("owner", owner)
                .put("domain", name(product.name().domain()));
        entities.add(system);

        ObjectNode component = entity("Component", name, product.product(), product.description());
        contact(product.owner().contact(), component);
        ObjectNode spec = component
                .putObject("spec")
                .put("type", "data-product")
                .put("lifecycle", "production")
                .put("owner", owner)
                .put("system", name);
        apis(spec.putArray("providesApis"), product.outputs().stream().map(OutputDescription::address));
        apis(
                spec.putArray("consumesApis"),
                product.inputs().stream()
                        .filter(input -> input.source() == null)
                        .map(input -> input.address()));
        entities.add(component);

        for (OutputDescription output : product.outputs()) {
            ObjectNode api = entity("API", name(output.address()), output.address(), output.description());
            contact(product.owner().contact(), api);
            api.putObject("spec")
                    .put("type", DEFINITION)
                    .put("lifecycle", output.ending().isPresent() ? "deprecated" : "production")
                    .put("owner", owner)
                    .put("system", name)
                    .put("definition", DocumentText.yaml(AsyncApi.ofPort(product, output.address(), place)));
            entities.add(api);
        }
        return entities;
    }

    private static ObjectNode entity(String kind, String name, String title, String description) {
        ObjectNode entity =
                Descriptions.node().put("apiVersion", "backstage.io/v1alpha1").put("kind", kind);
        ObjectNode metadata = entity.putObject("metadata")
                .put("name", name)
                .put("title", title)
                .put("description", description);
        metadata.putArray("tags").add("kappa-mesh");
        return entity;
    }

    private static void contact(String contact, ObjectNode entity) {
        ObjectNode metadata = (ObjectNode) entity.path("metadata");
        metadata.putObject("annotations").put("kappa-mesh.io/contact", contact);
        Stream.concat(
                        Owners.web(contact).stream(),
                        Owners.mail(contact).stream().map(mail -> "mailto:" + mail))
                .forEach(url ->
                        metadata.putArray("links").addObject().put("url", url).put("title", "Contact"));
    }

    private static void apis(ArrayNode into, Stream<String> addresses) {
        addresses.map(address -> "api:" + name(address)).distinct().forEach(into::add);
    }

    /** A text as a name of Backstage: letters, digits, and single separators within; cut where it is too long. */
    static String name(String text) {
        String name = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]+", "-")
                .replaceAll("([._-])[._-]+", "$1")
                .replaceAll("^[._-]|[._-]$", "");
        if (name.length() > LONGEST) {
            String hash = Integer.toHexString(text.hashCode());
            name = name.substring(0, LONGEST - 1 - hash.length()).replaceAll("[._-]+$", "") + "-" + hash;
        }
        return name.isEmpty() ? "x" + Integer.toHexString(text.hashCode()) : name;
    }
}
