package io.kappamesh.document;

import static io.kappamesh.document.Descriptions.take;
import static io.kappamesh.document.Descriptions.takeText;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.PortAddress;
import java.time.Duration;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A data product as AsyncAPI 3.0.0: it sends to the channels that it publishes, and receives from those that it reads, with the schema that
 * it needs. Stateless.
 */
final class AsyncApi {
    static final String VERSION = "3.0.0";

    private static final String BINDING = "0.5.0";
    private static final String AVRO = "application/vnd.apache.avro;version=1.9.0";
    private static final String CHANNELS = "channels";
    private static final String ADDRESS = "address";
    private static final String DESCRIPTION = "description";
    private static final String BINDINGS = "bindings";
    private static final String BINDING_VERSION = "bindingVersion";
    private static final String KAFKA = "kafka";
    private static final String ACTION = "action";
    private static final String SEND = "send";
    private static final String REF = "$ref";
    private static final String MESSAGES = "messages";
    private static final String PAYLOAD = "payload";

    private AsyncApi() {}

    static ObjectNode of(ProductDescription product, Place place) {
        return of(product, place, Descriptions.tree(product));
    }

    /** The part of it that is about one of its published ports. */
    static ObjectNode ofPort(ProductDescription product, String address, Place place) {
        ObjectNode tree = Descriptions.tree(product);
        tree.remove("inputs");
        ArrayNode outputs = tree.arrayNode();
        tree.path("outputs").forEach(output -> {
            if (output.path(ADDRESS).asText().equals(address)) {
                outputs.add(output);
            }
        });
        tree.set("outputs", outputs);
        return of(product, place, tree);
    }

    private static ObjectNode of(ProductDescription product, Place place, ObjectNode rest) {
        ObjectNode document = Descriptions.node().put("asyncapi", VERSION);
        ObjectNode info = document.putObject("info")
                .put("title", takeText(rest, "product").orElseThrow())
                .put("version", Optional.ofNullable(product.software().build()).orElse("unknown"))
                .put(DESCRIPTION, takeText(rest, DESCRIPTION).orElse(""));
        ObjectNode owner = (ObjectNode) take(rest, "owner").orElseThrow();
        String contact = takeText(owner, "contact").orElse("");
        ObjectNode person =
                info.putObject("contact").put("name", takeText(owner, "team").orElse(""));
        Owners.mail(contact).ifPresent(mail -> person.put("email", mail));
        Owners.web(contact).ifPresent(url -> person.put("url", url));
        Extensions.dashed(person, owner.put("channel", contact));
        info.putArray("tags").addObject().put("name", product.name().domain());
        servers(place, document);
        document.put("defaultContentType", "application/vnd.apache.avro");
        ObjectNode channels = document.putObject(CHANNELS);
        ObjectNode operations = document.putObject("operations");
        take(rest, "outputs")
                .ifPresent(all -> all.forEach(port -> {
                    String address = port.path(ADDRESS).asText();
                    ObjectNode channel = channel((ObjectNode) port, "records");
                    if (!place.readersOf(address).isEmpty()) {
                        Extensions.dashed(channel, "readers", Extensions.texts(place.readersOf(address)));
                    }
                    operation(SEND, address, channel, channels, operations);
                }));
        take(rest, "inputs")
                .ifPresent(all -> all.forEach(port -> {
                    String address = port.path(ADDRESS).asText();
                    operation("receive", address, channel((ObjectNode) port, "needs"), channels, operations);
                }));
        Extensions.dashed(info, rest);
        return document;
    }

    private static void servers(Place place, ObjectNode document) {
        for (String broker : place.brokers()) {
            ObjectNode servers = document.withObject("/servers");
            ObjectNode server = servers.putObject("kafka-" + (servers.size() + 1))
                    .put("host", broker)
                    .put("protocol", KAFKA);
            place.registry()
                    .ifPresent(url -> server.putObject(BINDINGS)
                            .putObject(KAFKA)
                            .put("schemaRegistryUrl", url)
                            .put("schemaRegistryVendor", "confluent")
                            .put(BINDING_VERSION, BINDING));
        }
    }

    private static void operation(
            String action, String address, ObjectNode channel, ObjectNode channels, ObjectNode operations) {
        String id = channels.has(address) ? address + "." + action : address;
        channels.set(id, channel);
        operations
                .putObject(action + "." + id)
                .put(ACTION, action)
                .putObject("channel")
                .put(REF, "#/" + CHANNELS + "/" + id);
    }

    /** @param inside the field with the description of the records */
    private static ObjectNode channel(ObjectNode port, String inside) {
        PortAddress address = PortAddress.of(takeText(port, ADDRESS).orElseThrow());
        String topic = port.path("topic").asText(address.topic());
        ObjectNode channel = Descriptions.node().put(ADDRESS, topic);
        takeText(port, DESCRIPTION).ifPresent(text -> channel.put(DESCRIPTION, text));
        ObjectNode records = (ObjectNode) take(port, inside).orElseThrow();
        ObjectNode message = message(address, records);
        channel.putObject(MESSAGES).set(message.path("name").asText(), message);
        ObjectNode kafka = channel.putObject(BINDINGS).putObject(KAFKA).put("topic", topic);
        JsonNode partitions = port.path("partitions");
        if (partitions.isInt() && partitions.intValue() > 0) {
            kafka.set("partitions", partitions);
        }
        configuration(port).ifPresent(config -> kafka.set("topicConfiguration", config));
        kafka.put(BINDING_VERSION, BINDING);
        port.put(ADDRESS, address.toString());
        Extensions.dashed(channel, port);
        return channel;
    }

    /** What a published port's topic is set to; empty = it is somebody else's topic. */
    private static Optional<ObjectNode> configuration(ObjectNode port) {
        if (!port.has("levels")) {
            return Optional.empty();
        }
        String retention = port.path("levels").path("retention").asText();
        boolean isTable = port.path("kind").asText().equals("table");
        ObjectNode config = Descriptions.node();
        config.putArray("cleanup.policy").add(isTable ? "compact" : "delete");
        if (!isTable) {
            config.put(
                    "retention.ms",
                    retention.isEmpty() ? -1 : Duration.parse(retention).toMillis());
        }
        return Optional.of(config);
    }

    private static ObjectNode message(PortAddress address, ObjectNode records) {
        Optional<Schema> avro = Descriptions.schema(records);
        String name = avro.map(Schema::getName).orElse(address.name());
        ObjectNode message = Descriptions.node().put("name", name).put("title", name);
        avro.map(Schema::getDoc).ifPresent(doc -> message.put(DESCRIPTION, doc));
        message.put("contentType", "application/vnd.apache.avro");
        Descriptions.openSchema(records);
        if (avro.isPresent() && records.get(Descriptions.SCHEMA) instanceof ObjectNode tree) {
            records.remove(Descriptions.SCHEMA);
            message.putObject(PAYLOAD).put("schemaFormat", AVRO).set("schema", tree);
        }
        ObjectNode kafka = message.putObject(BINDINGS).putObject(KAFKA);
        ObjectNode key = kafka.putObject("key").put("type", "string");
        if (records.has("key")) {
            key.set(DESCRIPTION, records.get("key"));
        }
        kafka.put("schemaIdLocation", PAYLOAD)
                .put("schemaIdPayloadEncoding", "confluent")
                .put(BINDING_VERSION, BINDING);
        Extensions.dashed(message, records);
        return message;
    }

    /** The description of the product that a document is made of. */
    static ProductDescription product(JsonNode document) {
        JsonNode info = document.path("info");
        ObjectNode tree = Extensions.ofDashed(info);
        String name = info.path("title").asText();
        tree.put("product", name);
        tree.put(DESCRIPTION, info.path(DESCRIPTION).asText());
        ObjectNode owner = Extensions.ofDashed(info.path("contact"));
        owner.set("contact", take(owner, "channel").orElse(owner.textNode("")));
        owner.set("team", info.path("contact").path("name"));
        tree.set("owner", owner);
        ArrayNode outputs = tree.putArray("outputs");
        ArrayNode inputs = tree.putArray("inputs");
        for (JsonNode operation : document.path("operations")) {
            String ref = operation.path("channel").path(REF).asText();
            JsonNode channel = document.path(CHANNELS).path(ref.substring(ref.lastIndexOf('/') + 1));
            if (operation.path(ACTION).asText().equals(SEND)) {
                outputs.add(port(channel, "records"));
            } else {
                inputs.add(port(channel, "needs"));
            }
        }
        return Descriptions.description("product " + name, tree, ProductDescription.class);
    }

    private static ObjectNode port(JsonNode channel, String inside) {
        ObjectNode port = Extensions.ofDashed(channel);
        port.remove("readers");
        if (channel.has(DESCRIPTION)) {
            port.set(DESCRIPTION, channel.path(DESCRIPTION));
        }
        for (JsonNode message : channel.path(MESSAGES)) {
            ObjectNode records = Extensions.ofDashed(message);
            JsonNode schema = message.path(PAYLOAD).path("schema");
            if (schema.isObject()) {
                records.set(Descriptions.SCHEMA, schema);
            }
            Descriptions.closeSchema(records);
            port.set(inside, records);
        }
        return port;
    }

    /** Whether a document is one of AsyncAPI. */
    static boolean isOne(JsonNode document) {
        return document.has("asyncapi");
    }
}
