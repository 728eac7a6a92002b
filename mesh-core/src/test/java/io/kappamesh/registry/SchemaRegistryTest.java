package io.kappamesh.registry;

import static io.kappamesh.registry.RegistryOverHttp.json;
import static io.kappamesh.registry.RegistryOverHttp.quoted;
import static io.kappamesh.registry.RegistryOverHttp.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.Records;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SchemaRegistryTest {

    private static final Schema PARCEL = Parcel.getClassSchema();
    private static final String PARCEL_ANSWER = "{\"schema\":" + quoted(PARCEL.toString()) + "}";
    private static final String NO_SUCH_ID = "{\"error_code\":40403,\"message\":\"Schema 5 not found\"}";

    private final RegistryOverHttp server = new RegistryOverHttp(json(200, PARCEL_ANSWER));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatWasFoundIsNeverAskedForAgain() {
        try (SchemaRegistry registry = server.connect()) {
            assertThat(registry.knows(5)).isFalse();

            SchemaLookup first = registry.lookup(5);
            server.answerWith(text(500, "down"));
            SchemaLookup second = registry.lookup(5);

            assertThat(first).isEqualTo(new SchemaLookup.Found(PARCEL));
            assertThat(second).isSameAs(first);
            assertThat(registry.knows(5)).isTrue();
            assertThat(server.requests).hasValue(1);
        }
    }

    @Test
    void whatIsMissingIsAskedForAgainAfterAMinute() {
        AtomicLong clock = new AtomicLong();
        server.answerWith(json(404, NO_SUCH_ID));
        var client = new CachedSchemaRegistryClient(server.url(), 10);
        try (SchemaRegistry registry = new SchemaRegistry(client, clock::get)) {
            assertThat(registry.lookup(5))
                    .isEqualTo(new SchemaLookup.Missing("schema id 5 is unknown to the registry"));
            assertThat(registry.knows(5)).isTrue();

            clock.addAndGet(Duration.ofSeconds(59).toNanos());
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Missing.class);
            assertThat(server.requests).hasValue(1);

            clock.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(registry.knows(5)).isFalse();
            server.answerWith(json(200, PARCEL_ANSWER));
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Found.class);
            assertThat(server.requests).hasValue(2);
        }
    }

    @Test
    void onlyTheRegistryItselfCanSayThatAnIdIsMissing() {
        try (SchemaRegistry registry = server.connect()) {
            for (int status : new int[] {500, 502, 503, 429, 401, 403, 404}) {
                server.answerWith(text(status, "<html>not a registry</html>"));
                assertThat(registry.lookup(status)).as("HTTP %d", status).isInstanceOf(SchemaLookup.Unreachable.class);
                assertThat(registry.knows(status)).isFalse();
            }
            server.answerWith(json(404, "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}"));
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Unreachable.class);
            server.answerWith(json(500, "{\"error_code\":50001,\"message\":\"Error in the backend data store\"}"));
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Unreachable.class);
            server.answerWith(text(200, "<html>a login page</html>"));
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Unreachable.class);
            server.answerWith(json(200, PARCEL_ANSWER));
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Found.class);
        }
    }

    @Test
    void anAddressWithoutItsPathIsShownWithoutItsSecretsAndItsPathIsSuspected() {
        String withSecrets = server.url().replace("://", "://alice:s3cret@");
        try (SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", withSecrets))) {
            server.answerWith(text(404, "<html>nothing here</html>"));
            assertThatThrownBy(() -> registry.versions("shop.parcels.v1-value"))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("http://[hidden]@" + server.url().substring("http://".length()))
                    .hasMessageContaining("path of schema.registry.url")
                    .hasMessageContaining("/apis/ccompat/v7")
                    .hasMessageNotContaining("s3cret");
            assertThat(registry.lookup(5))
                    .isInstanceOfSatisfying(
                            SchemaLookup.Unreachable.class,
                            unreachable -> assertThat(unreachable.cause())
                                    .hasMessageContaining("path of schema.registry.url"));
        }
    }

    @Test
    void schemasThatAreNotAvroAreMissingAndTheReasonSaysSo() {
        try (SchemaRegistry registry = server.connect()) {
            server.answerWith(json(200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}"));
            assertThat(registry.lookup(6))
                    .isEqualTo(new SchemaLookup.Missing("schema id 6 is a JSON schema, not Avro"));
            server.answerWith(json(200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message M {}\"}"));
            assertThat(registry.lookup(7))
                    .isEqualTo(new SchemaLookup.Missing("schema id 7 is a PROTOBUF schema, not Avro"));
            server.answerWith(json(200, "{\"schema\":\"{\\\"type\\\":\\\"rec\"}"));
            assertThat(registry.lookup(8)).isEqualTo(new SchemaLookup.Missing("schema id 8 is no valid Avro schema"));
        }
    }

    @Test
    void aReferenceThatCannotBeFetchedIsNoReasonToCallAnIdMissing() {
        String referring = "{\"schema\":"
                + quoted("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"Other\"}]}")
                + ",\"references\":[{\"name\":\"Other\",\"subject\":\"other\",\"version\":1}]}";
        server.answerWith(exchange -> {
            boolean reference = exchange.getRequestURI().getPath().startsWith("/subjects");
            (reference ? text(500, "down") : json(200, referring)).handle(exchange);
        });
        try (SchemaRegistry registry = server.connect()) {
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Unreachable.class);

            server.answerWith(exchange -> {
                boolean reference = exchange.getRequestURI().getPath().startsWith("/subjects");
                String other = "{\"subject\":\"other\",\"version\":1,\"id\":1,\"schema\":"
                        + quoted("{\"type\":\"enum\",\"name\":\"Other\",\"symbols\":[\"X\"]}") + "}";
                json(200, reference ? other : referring).handle(exchange);
            });
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Found.class);
        }
    }

    @Test
    void aRegistryThatHangsIsUnreachableAfterTheReadTimeout() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.answerWith(exchange -> end.await());
        try (SchemaRegistry registry = server.connect(Map.of("http.read.timeout.ms", "200"))) {
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Unreachable.class);
        } finally {
            end.countDown();
        }
    }

    @Test
    void aRegistryThatHangsIsGivenUpByDefaultToo() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.answerWith(exchange -> end.await());
        try (SchemaRegistry registry = server.connect()) {
            long start = System.nanoTime();

            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Unreachable.class);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        } finally {
            end.countDown();
        }
    }

    @Test
    void threadsThatAskForOneIdShareOneRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        server.answerWith(exchange -> {
            asked.countDown();
            answer.await();
            text(500, "down").handle(exchange);
        });
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (SchemaRegistry registry = server.connect()) {
            List<Future<SchemaLookup>> lookups = new ArrayList<>();
            lookups.add(threads.submit(() -> registry.lookup(5)));
            asked.await();
            CountDownLatch started = new CountDownLatch(3);
            List<Thread> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                lookups.add(threads.submit(() -> {
                    synchronized (waiting) {
                        waiting.add(Thread.currentThread());
                    }
                    started.countDown();
                    return registry.lookup(5);
                }));
            }
            started.await();
            while (!waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
                Thread.onSpinWait();
            }
            answer.countDown();

            for (Future<SchemaLookup> lookup : lookups) {
                assertThat(lookup.get(20, TimeUnit.SECONDS)).isInstanceOf(SchemaLookup.Unreachable.class);
            }
            assertThat(server.requests).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theSecondUrlIsTriedWhenTheFirstIsDown() {
        Map<String, String> settings = Map.of("schema.registry.url", "http://localhost:1, " + server.url());
        try (SchemaRegistry registry = SchemaRegistry.connect(settings)) {
            assertThat(registry.lookup(5)).isInstanceOf(SchemaLookup.Found.class);
        }
    }

    @Test
    void credentialsAreSent() {
        try (SchemaRegistry basic = server.connect(
                        Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "mesh:secret"));
                SchemaRegistry bearer = server.connect(
                        Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0ken"))) {
            basic.lookup(5);
            bearer.lookup(5);
        }

        assertThat(server.authorizations).containsExactly("Basic bWVzaDpzZWNyZXQ=", "Bearer t0ken");
    }

    @Test
    void credentialsInTheAddressAreSentByDefault() {
        String address = server.url().replace("://", "://mesh:s%40cre%2Ft@");
        try (SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", address))) {
            registry.lookup(5);
        }

        assertThat(server.authorizations).containsExactly("Basic bWVzaDpzQGNyZS90");
    }

    @Test
    void credentialsOfBrokersAreInherited() {
        try (SchemaRegistry registry = server.connect(
                Map.of(
                        "basic.auth.credentials.source",
                        "SASL_INHERIT",
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"mesh\" password=\"secret\";"))) {
            registry.lookup(5);
        }

        assertThat(server.authorizations).containsExactly("Basic bWVzaDpzZWNyZXQ=");
    }

    @Test
    void tokensOfAnIssuerAreSentAndAskedForOnce() {
        List<String> forms = new ArrayList<>();
        try (RegistryOverHttp issuer = new RegistryOverHttp(exchange -> {
                    forms.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    json(200, "{\"access_token\":\"t0ken\",\"expires_in\":3600}")
                            .handle(exchange);
                });
                SchemaRegistry registry = server.connect(Map.of(
                        "bearer.auth.credentials.source",
                        "OAUTHBEARER",
                        "bearer.auth.issuer.endpoint.url",
                        issuer.url() + "/token",
                        "bearer.auth.client.id",
                        "mesh",
                        "bearer.auth.client.secret",
                        "secret",
                        "bearer.auth.scope",
                        "read write"))) {
            registry.lookup(5);
            registry.lookup(6);

            assertThat(issuer.authorizations).containsExactly("Basic bWVzaDpzZWNyZXQ=");
            assertThat(forms).containsExactly("grant_type=client_credentials&scope=read+write");
        }
        assertThat(server.authorizations).containsExactly("Bearer t0ken", "Bearer t0ken");
    }

    @Test
    void anIssuerThatRefusesIsARefusalAndOneThatIsAwayIsNot() {
        try (RegistryOverHttp issuer = new RegistryOverHttp(json(401, "{}"));
                SchemaRegistry registry = server.connect(Map.of(
                        "bearer.auth.credentials.source",
                        "OAUTHBEARER",
                        "bearer.auth.issuer.endpoint.url",
                        issuer.url(),
                        "bearer.auth.client.id",
                        "mesh",
                        "bearer.auth.client.secret",
                        "secret"))) {
            assertThatThrownBy(() -> registry.versions("s"))
                    .isInstanceOf(RegistryRefusedException.class)
                    .hasMessageContaining("401")
                    .hasMessageNotContaining("mesh:");
            issuer.answerWith(text(503, "down"));
            assertThatThrownBy(() -> registry.versions("s")).isInstanceOf(RegistryUnavailableException.class);
        }
        assertThat(server.requests).hasValue(0);
    }

    @Test
    void aRegistryThatRefusesAccessSaysSo() {
        try (SchemaRegistry registry = server.connect()) {
            for (int status : List.of(401, 403)) {
                server.answerWith(json(status, "{\"error_code\":" + status + "01,\"message\":\"no\"}"));
                assertThatThrownBy(() -> registry.register("s", PARCEL, Compatibility.FULL_TRANSITIVE))
                        .isInstanceOf(RegistryRefusedException.class)
                        .hasMessageContaining("subject s")
                        .hasMessageContaining("(" + status + ")");
                assertThat(registry.lookup(7))
                        .isInstanceOfSatisfying(
                                SchemaLookup.Unreachable.class,
                                unreachable ->
                                        assertThat(unreachable.cause()).isInstanceOf(RegistryRefusedException.class));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "schema.registry.url=registry:8081 | schema.registry.url | http://",
                "schema.registry.url=ftp://registry | schema.registry.url | http://",
                "schema.registry.url=http:// | schema.registry.url | expected",
                "schema.registry.url=http://r:x | schema.registry.url | host",
                "schema.registry.url=http://u:canary@x@r | schema.registry.url | expected",
                "schema.registry.url=http://u:canary/x@r | schema.registry.url | expected",
                "schema.registry.url=http://u:1canary/x@r | schema.registry.url | expected",
                "schema.registry.url=http://u:12/canary@r | schema.registry.url | percent-encode",
                "schema.registry.url=http://u:can,ary@r | schema.registry.url | address",
                "schema.registry.url=http://u@r | schema.registry.url | user:password",
                "schema.registry.url=http://u:p@r;http://s | schema.registry.url | expected",
                "basic.auth.credentials.source=USER_INFO | basic.auth.credentials.source | basic.auth.user.info",
                "basic.auth.credentials.source=URL | basic.auth.credentials.source | no user",
                "basic.auth.credentials.source=SASL_INHERIT | basic.auth.credentials.source | sasl.jaas.config",
                "basic.auth.credentials.source=FILE | basic.auth.credentials.source | expected URL",
                "bearer.auth.credentials.source=STATIC_TOKEN | bearer.auth.credentials.source | bearer.auth.token",
                "bearer.auth.credentials.source=OAUTHBEARER | bearer.auth.client.id | required",
                "bearer.auth.credentials.source=SASL_OAUTHBEARER_INHERIT | bearer.auth.credentials.source | expected",
                "bearer.auth.credentials.source=CUSTOM | bearer.auth.credentials.source | needs",
                "bearer.auth.credentials.source=none | bearer.auth.credentials.source | expected",
            })
    void whatWouldSendNoCredentialsIsNamed(String setting, String key, String why) {
        String[] parts = setting.split("=", 2);
        Map<String, String> settings = new HashMap<>(Map.of("schema.registry.url", "http://registry"));
        settings.put(parts[0], parts[1]);

        Map<String, String> problems = SchemaRegistry.problems(settings);

        assertThat(problems.get(key)).contains(why);
        assertThat(problems.toString()).doesNotContain("canary", "can,ary");
        assertThat(SchemaRegistry.withoutCredentials(settings.get("schema.registry.url")))
                .doesNotContain("canary", "ary@");
        assertThatThrownBy(() -> SchemaRegistry.connect(settings)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStoreThatCannotBeLoadedIsNamed() {
        assertThat(SchemaRegistry.problems(Map.of(
                        "schema.registry.url",
                        "https://registry",
                        "schema.registry.ssl.truststore.location",
                        "/none",
                        "schema.registry.ssl.truststore.password",
                        "canary")))
                .containsKey("schema.registry.ssl.truststore.location")
                .asString()
                .doesNotContain("canary");
    }

    @Test
    void aMissingUrlIsNamed() {
        assertThatThrownBy(() -> SchemaRegistry.connect(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema.registry.url");
        assertThatThrownBy(() -> SchemaRegistry.connect(Map.of("schema.registry.url", " , ")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWarmDecoderOutlivesTheRegistryAndAColdOneWaits() {
        AvroEncoder<Parcel> encoder = new AvroEncoder<>(AvroType.of(Parcel.class), 5);
        byte[] known = encoder.encode(Records.parcel(1));
        byte[] unknown = new AvroEncoder<>(AvroType.of(Parcel.class), 6).encode(Records.parcel(2));
        try (SchemaRegistry registry = server.connect()) {
            AvroDecoder<Parcel> decoder = new AvroDecoder<>(AvroType.of(Parcel.class), registry);
            registry.lookup(5);

            server.answerWith(text(503, "down"));

            assertThat(decoder.decode(known)).isEqualTo(new Decoded.Value<>(Records.parcel(1)));
            assertThat(decoder.decode(unknown))
                    .isInstanceOfSatisfying(
                            Decoded.Waiting.class,
                            waiting -> assertThat(waiting.schemaId()).isEqualTo(6));
            assertThatThrownBy(() -> decoder.asDeserializer().deserialize("t", unknown))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("schema id 6");

            server.answerWith(json(404, NO_SUCH_ID));
            assertThat(decoder.decode(unknown)).isInstanceOf(Decoded.Refused.class);
            assertThatThrownBy(() -> decoder.asDeserializer().deserialize("t", unknown))
                    .isInstanceOf(SerializationException.class);
        }
    }

    @Test
    void theGateWaitsForARegistryThatIsDown() {
        try (SchemaRegistry registry = server.connect()) {
            server.answerWith(text(503, "down"));
            assertThatThrownBy(() -> registry.register("s", PARCEL, Compatibility.FULL_TRANSITIVE))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("subject s");

            server.answerWith(json(401, "{\"error_code\":40101,\"message\":\"Unauthorized\"}"));
            assertThatThrownBy(() -> registry.versions("s")).isInstanceOf(RegistryRefusedException.class);
        }
    }

    @Test
    void aConflictSeenOnlyByTheRegistryIsARefusal() {
        server.answerWith(exchange -> {
            String request =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            if (request.equals("GET /config/s")) {
                json(200, "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}").handle(exchange);
            } else if (request.equals("POST /subjects/s/versions")) {
                json(409, "{\"error_code\":409,\"message\":\"incompatible with an earlier schema\"}")
                        .handle(exchange);
            } else {
                json(404, "{\"error_code\":40401,\"message\":\"Subject not found\"}")
                        .handle(exchange);
            }
        });
        try (SchemaRegistry registry = server.connect()) {
            assertThatThrownBy(() -> registry.register("s", PARCEL, Compatibility.FULL_TRANSITIVE))
                    .isInstanceOf(IncompatibleSchemaException.class)
                    .hasMessageContaining("incompatible with an earlier schema");
        }
    }

    @Test
    void aLevelThatDoesNotStickIsReported() {
        server.answerWith(exchange -> {
            boolean level = exchange.getRequestURI().getPath().equals("/config/s");
            (level
                            ? json(200, "{\"compatibilityLevel\":\"BACKWARD\"}")
                            : json(404, "{\"error_code\":40401,\"message\":\"no\"}"))
                    .handle(exchange);
        });
        try (SchemaRegistry registry = server.connect()) {
            assertThatThrownBy(() -> registry.register("s", PARCEL, Compatibility.FULL_TRANSITIVE))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("still says BACKWARD");
        }
    }
}
