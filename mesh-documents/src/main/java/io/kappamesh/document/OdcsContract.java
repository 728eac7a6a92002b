package io.kappamesh.document;

import static io.kappamesh.document.Descriptions.take;
import static io.kappamesh.document.Descriptions.takeText;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.promise.Promises;
import java.util.Optional;
import org.apache.avro.Schema;

/** The contract of a published port as ODCS 3.1.0. Its schema in Avro is authoritative; the properties are made of it. Stateless. */
final class OdcsContract {
    static final String KIND = "DataContract";
    static final String AVRO = "avroSchema";

    private OdcsContract() {}

    /**
     * @param product who publishes it
     * @param owner with a team and a contact
     */
    static ObjectNode of(String product, JsonNode owner, OutputDescription port, Place place) {
        ObjectNode rest = Descriptions.tree(port);
        PortAddress address = PortAddress.of(takeText(rest, "address").orElseThrow());
        ObjectNode contract = Descriptions.node()
                .put("apiVersion", "v3.1.0")
                .put("kind", KIND)
                .put("id", address.toString())
                .put("name", address.name())
                .put("version", String.valueOf(address.major()))
                .put("status", port.ending().isPresent() ? "deprecated" : "active")
                .put("domain", address.domain());
        contract.putObject("description")
                .put("purpose", takeText(rest, "description").orElse(""))
                .put("usage", usage(port));
        Owners.put(owner, contract);
        for (String broker : place.brokers()) {
            contract.withArray("servers")
                    .addObject()
                    .put("server", "kafka-" + contract.path("servers").size())
                    .put("type", "kafka")
                    .put("host", broker)
                    .put("format", "avro");
        }
        ObjectNode records = (ObjectNode) take(rest, "records").orElseThrow();
        contract.putArray("schema").add(schema(address, records, place));
        take(rest, "levels").ifPresent(levels -> contract.set("slaProperties", Promises.levels((ObjectNode) levels)));
        Extensions.custom(contract, Descriptions.node().put("product", product));
        Extensions.custom(contract, rest);
        Extensions.custom(contract, records);
        if (!place.readersOf(address.toString()).isEmpty()) {
            Extensions.custom(contract, "readers", Extensions.texts(place.readersOf(address.toString())));
        }
        return contract;
    }

    private static String usage(OutputDescription port) {
        String key = Optional.ofNullable(port.records().key())
                .map(text -> ": " + text)
                .orElse("");
        return "A Kafka topic. Keys are UTF-8 text" + key + ". Values are Avro in the Confluent wire format. "
                + (port.kind().equals("table")
                        ? "The latest record of a key replaces those before it; one without a value retracts it."
                        : "Each record is a fact.");
    }

    /** Takes what it can say out of the description of the records. */
    private static ObjectNode schema(PortAddress address, ObjectNode records, Place place) {
        ObjectNode schema = Descriptions.node();
        Optional<Schema> avro = Descriptions.schema(records);
        schema.put("name", avro.map(Schema::getName).orElse(address.name()))
                .put("physicalName", address.topic())
                .put("physicalType", "topic")
                .put("logicalType", "object");
        avro.map(Schema::getDoc).ifPresent(doc -> schema.put("description", doc));
        String key = records.path("keyField").asText();
        String eventTime = records.path("eventTime").asText();
        avro.ifPresent(known -> schema.set("properties", new OdcsFields(key, eventTime).of(known)));
        take(records, "rules")
                .filter(rules -> !rules.isEmpty())
                .ifPresent(rules -> schema.set("quality", Promises.rules(rules)));
        JsonNode id = records.path("schemaId");
        place.registry()
                .filter(known -> id.isInt())
                .ifPresent(registry -> schema.putArray("authoritativeDefinitions")
                        .addObject()
                        .put("type", "schema")
                        .put("url", registry + "/schemas/ids/" + id.intValue())
                        .put("description", "The schema in Avro, as the registry has it"));
        Descriptions.openSchema(records);
        take(records, Descriptions.SCHEMA)
                .ifPresent(text -> schema.putArray("customProperties")
                        .addObject()
                        .put("property", AVRO)
                        .put("description", "The schema in Avro. It is authoritative; the properties are made of it")
                        .set("value", text));
        return schema;
    }

    /** The description of the port that a contract is made of. */
    static OutputDescription port(JsonNode contract) {
        String address = contract.path("id").asText();
        ObjectNode tree = Extensions.ofCustom(contract);
        tree.remove("product");
        tree.remove("readers");
        ObjectNode records = records(contract);
        RecordFields.OWN.forEach(tree::remove);
        tree.put("address", address);
        tree.put("description", contract.path("description").path("purpose").asText());
        tree.set("records", records);
        if (contract.has("slaProperties")) {
            tree.set("levels", Promises.ofLevels(contract.path("slaProperties")));
        }
        return Descriptions.description("contract " + address, tree, OutputDescription.class);
    }

    /** The part of it that is about the records. */
    static ObjectNode records(JsonNode contract) {
        JsonNode schema = contract.path("schema").path(0);
        ObjectNode tree = Extensions.ofCustom(contract);
        ObjectNode records = Descriptions.node();
        for (String field : RecordFields.OWN) {
            take(tree, field).ifPresent(value -> records.set(field, value));
        }
        records.set("rules", Promises.ofRules(schema.path("quality")));
        for (JsonNode one : schema.path("customProperties")) {
            if (one.path("property").asText().equals(AVRO)) {
                records.set(Descriptions.SCHEMA, one.path("value"));
            }
        }
        Descriptions.closeSchema(records);
        return records;
    }
}
