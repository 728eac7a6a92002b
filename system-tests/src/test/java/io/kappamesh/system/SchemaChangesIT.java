package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.fixture.SchemaChanges;
import io.kappamesh.fixture.SchemaChanges.Change;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.IncompatibleSchemaException;
import io.kappamesh.registry.RegistryUnavailableException;
import io.kappamesh.registry.SchemaFormats;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.Datum;
import io.kappamesh.serde.GeneratedSchemas;
import io.kappamesh.testkit.LocalMesh;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each change of the catalogue at a real registry: its verdict is that of the build, and of the decoder with bytes of registered schemas. */
class SchemaChangesIT {
    private static final int RANDOM_PAIRS = 150;
    private static final int VALUES = 60;

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    private static SchemaRegistry registry;

    @BeforeAll
    static void connect() {
        registry = SchemaRegistry.connect(Map.of("schema.registry.url", mesh.registryUrl()));
    }

    @AfterAll
    static void disconnect() {
        registry.close();
    }

    @Test
    void theRegistryGateGivesTheVerdictOfTheBuild() {
        List<Change> changes = SchemaChanges.all();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            String subject = "seeded" + i + ".orders.v1-value";
            int before = registry.register(subject, change.schemaBefore(), Compatibility.FULL_TRANSITIVE);

            if (breaks(change).isEmpty()) {
                int after = registry.register(subject, change.schemaAfter(), Compatibility.FULL_TRANSITIVE);
                assertThat(registry.versions(subject))
                        .as(change.name())
                        .extracting("id")
                        .contains(before, after);
                decodes(change.schemaBefore(), change.schemaAfter(), after, change);
                decodes(change.schemaAfter(), change.schemaBefore(), before, change);
            } else {
                assertThatThrownBy(
                                () -> registry.register(subject, change.schemaAfter(), Compatibility.FULL_TRANSITIVE))
                        .as(change.name())
                        .isInstanceOf(IncompatibleSchemaException.class)
                        .message()
                        .contains("version 1", "version 2", "new major version")
                        .satisfies(message -> assertThat(breaks(change))
                                .allSatisfy(one -> assertThat(message)
                                        .contains(
                                                one.substring(0, one.indexOf(' ')),
                                                one.substring(one.indexOf(' ') + 1))));
                assertThat(registry.versions(subject)).as(change.name()).hasSize(1);
            }
        }
    }

    @Test
    void whatIsDeletedSoftlyIsNeverPassedOver() throws Exception {
        int judged = 0;
        List<Change> changes = SchemaChanges.all();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            if (breaks(change).isEmpty()) {
                continue;
            }
            String subject = "deleted" + i + ".orders.v1-value";
            int unused = registry.register(subject, change.schemaBefore(), Compatibility.FULL_TRANSITIVE);
            delete(subject + "/versions/1");

            assertThatThrownBy(() -> registry.register(subject, change.schemaAfter(), Compatibility.FULL_TRANSITIVE))
                    .as(change.name() + ", where it was the only version")
                    .isInstanceOf(IncompatibleSchemaException.class)
                    .hasMessageContaining("deleted softly");
            judged++;
        }
        assertThat(judged).isGreaterThan(30);
    }

    @Test
    void anEarlierVersionThatIsDeletedSoftlyIsComparedStill() throws Exception {
        Schema before = SchemaFormats.parse(
                List.of(),
                "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"}]}");
        String note = "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"},"
                + "{\"name\":\"note\",\"type\":\"string\"%s}]}";
        int first = registry.register("older.orders.v1-value", before, Compatibility.FULL_TRANSITIVE);
        int second = registry.register(
                "older.orders.v1-value",
                SchemaFormats.parse(List.of(), note.formatted(",\"default\":\"\"")),
                Compatibility.FULL_TRANSITIVE);
        assertThat(second).isNotEqualTo(first);
        delete("older.orders.v1-value/versions/1");

        assertThat(registry.broken(
                        "older.orders.v1-value",
                        SchemaFormats.parse(List.of(), note.formatted("")),
                        Compatibility.FULL_TRANSITIVE))
                .singleElement()
                .asString()
                .contains("data of version 1", "Order.note", "[field-without-default]");
    }

    private static void delete(String version) throws Exception {
        HttpResponse<String> deleted = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(mesh.registryUrl() + "/subjects/" + version))
                                .DELETE()
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
    }

    @Test
    void whatTheBuildLetsInTheRegistryTakesForGeneratedSchemasToo() {
        long seed = Long.getLong("mesh.seed", new Random().nextLong() >>> 1);
        List<String> differences = new ArrayList<>();
        int taken = 0;
        int failed = 0;
        for (int i = 0; i < RANDOM_PAIRS; i++) {
            GeneratedSchemas schemas = new GeneratedSchemas(new Random(seed + i));
            ObjectNode json = schemas.writer();
            Schema before = GeneratedSchemas.parse(json);
            Schema after = schemas.version(json);
            String subject = "random" + i + ".orders.v1-value";
            // What is registered already is taken again, whatever is wrong with it.
            boolean fits = after.toString().equals(before.toString())
                    || Compatibility.FULL_TRANSITIVE.breaches(after, before).isEmpty();
            try {
                int first = registry.register(subject, before, Compatibility.FULL_TRANSITIVE);
                assertThat(first).isPositive();
                int unused = registry.register(subject, after, Compatibility.FULL_TRANSITIVE);
                taken++;
                if (!fits) {
                    differences.add(
                            "-Dmesh.seed=%d: taken, but %s and %s do not fit".formatted(seed + i, before, after));
                }
            } catch (RegistryUnavailableException itsOwnFault) {
                failed++; // a record that contains itself in a map makes this registry answer 500
            } catch (IncompatibleSchemaException refused) {
                if (refused.getMessage().contains("invalid Avro schema")) {
                    failed++; // nor does it take a field that names itself as its alias
                } else if (fits) {
                    differences.add("-Dmesh.seed=%d: %s -> %s refused: %s"
                            .formatted(seed + i, before, after, refused.getMessage()));
                }
            }
        }
        System.out.printf("%d of %d generated changes were taken, %d failed%n", taken, RANDOM_PAIRS, failed);
        assertThat(failed).isLessThan(RANDOM_PAIRS / 5);
        assertThat(differences).isEmpty();
        assertThat(taken).isPositive();
    }

    private static List<String> breaks(Change change) {
        return Stream.concat(change.newReader().stream(), change.oldReader().stream())
                .toList();
    }

    private static void decodes(Schema reader, Schema writer, int id, Change change) {
        AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(AvroType.generic(reader), registry);
        Random random = new Random(1);
        List<Decoded<GenericRecord>> decoded = IntStream.range(0, VALUES)
                .mapToObj(value -> decoder.decode(framed(id, Datum.binary(Datum.of(writer, random, 0)::write))))
                .toList();
        assertThat(decoded).as(change.name()).allSatisfy(one -> {
            boolean byValue = change.byValue()
                    && one instanceof Decoded.Refused<GenericRecord> refused
                    && !refused.reason().contains("cannot be read here");
            assertThat(one instanceof Decoded.Value<GenericRecord> || byValue).isTrue();
        });
    }

    private static byte[] framed(int id, byte[] value) {
        return ByteBuffer.allocate(5 + value.length)
                .put((byte) 0)
                .putInt(id)
                .put(value)
                .array();
    }
}
