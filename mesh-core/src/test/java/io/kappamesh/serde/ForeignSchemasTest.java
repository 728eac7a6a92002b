package io.kappamesh.serde;

import static io.kappamesh.registry.RegistryOverHttp.json;
import static io.kappamesh.registry.RegistryOverHttp.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.IncompatibleSchemaException;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.RegistryOverHttp;
import io.kappamesh.registry.SchemaLookup;
import io.kappamesh.registry.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schemas as others register them, over real HTTP. */
class ForeignSchemasTest {

    private static final String SUBJECT = "shop.customers.v1-value";
    private static final byte[] SEVEN = {0, 0, 0, 0, 1, 14};

    private final List<String> schemas = new ArrayList<>();
    private int deleted;
    private final RegistryOverHttp server = new RegistryOverHttp(this::answer);
    private final SchemaRegistry registry = server.connect();

    @AfterEach
    void stop() {
        registry.close();
        server.close();
    }

    @Test
    void aNamespaceWithAHyphenIsReadLikeAnyOther() {
        schemas.add(customer("db-server1.inventory", "long"));
        Schema reader = new Schema.Parser().parse(customer("shop", "long"));

        registry.requireReadable(SUBJECT, reader);
        Decoded<GenericRecord> decoded = new AvroDecoder<>(AvroType.generic(reader), registry).decode(SEVEN);

        assertThat(((Decoded.Value<GenericRecord>) decoded).value().get("id")).isEqualTo(7L);
    }

    @Test
    void namesThatAvroForJavaRefusesAreReadWhereverTheyStand() {
        schemas.add("""
                {"type":"record","name":"row-1","namespace":"a-b","aliases":["c-d.old-row"],"fields":[
                  {"name":"id","type":"long"},
                  {"name":"first-name","type":["null","string"],"default":null},
                  {"name":"mode","type":["null",{"type":"enum","name":"mode-1","symbols":["by-air","$sea"]}],"default":null},
                  {"name":"before","type":["null","row-1"],"default":null}]}""".replace("\n", " "));
        Schema reader = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Row\",\"namespace\":\"shop\",\"aliases\":[\"a_b.x\"],"
                        + "\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}");

        assertThat(registry.versions(SUBJECT)).hasSize(1);
        assertThatThrownBy(() -> registry.requireReadable(SUBJECT, reader))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("is named shop.Row in the reader and a-b.row-1 in the data");
    }

    @Test
    void aVersionThatWasDeletedSoftlyIsAnEarlierVersionStill() {
        schemas.add(customer("shop", "string"));
        deleted = 1;
        schemas.add("{\"type\":\"record\",\"name\":\"Customer\",\"namespace\":\"shop\",\"fields\":[]}");
        Schema reader =
                new Schema.Parser().parse(customer("shop", "long").replace("\"long\"", "\"long\",\"default\":0"));

        assertThat(registry.versions(SUBJECT))
                .extracting(RegisteredSchema::version)
                .containsExactly(1, 2);
        assertThatThrownBy(() -> registry.requireReadable(SUBJECT, reader))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("version 1: Customer.id is long in the reader and string in the data");
        assertThatThrownBy(() -> registry.register(SUBJECT, reader, Compatibility.FULL_TRANSITIVE))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("data of version 1");
    }

    @Test
    void aSchemaThatIsNestedBeyondAllBoundsIsNoAvroAndStopsNothing() {
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            deep.append("{\"type\":\"array\",\"items\":");
        }
        schemas.add(deep + "\"int\"" + "}".repeat(900));

        assertThat(registry.lookup(1)).isNotInstanceOf(SchemaLookup.Unreachable.class);
    }

    private static String customer(String namespace, String type) {
        return "{\"type\":\"record\",\"name\":\"Customer\",\"namespace\":\"%s\",\"fields\":[{\"name\":\"id\",\"type\":\"%s\"}]}"
                .formatted(namespace, type);
    }

    /** Hides the first {@code deleted} versions, unless it is asked for deleted ones too. */
    private void answer(HttpExchange exchange) throws Exception {
        String path = exchange.getRequestURI().getPath();
        boolean all = String.valueOf(exchange.getRequestURI().getQuery()).contains("deleted=true");
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (last.equals("versions")) {
            List<Integer> numbers = new ArrayList<>();
            for (int number = all ? 1 : deleted + 1; number <= schemas.size(); number++) {
                numbers.add(number);
            }
            json(200, numbers.toString()).handle(exchange);
            return;
        }
        int number = last.matches("\\d+") ? Integer.parseInt(last) : 0;
        if (number < 1 || number > schemas.size()) {
            json(404, "{\"error_code\":40403,\"message\":\"not found\"}").handle(exchange);
        } else if (path.contains("/schemas/ids/")) {
            json(200, "{\"schema\":" + quoted(schemas.get(number - 1)) + "}").handle(exchange);
        } else if (number <= deleted && !all) {
            json(404, "{\"error_code\":40402,\"message\":\"version not found\"}")
                    .handle(exchange);
        } else {
            json(
                            200,
                            "{\"subject\":\"%s\",\"version\":%d,\"id\":%d,\"schema\":%s}"
                                    .formatted(SUBJECT, number, number, quoted(schemas.get(number - 1))))
                    .handle(exchange);
        }
    }
}
