package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.connect.AvroKey;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourceBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.faults.Sale;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.topology.StreamingProduct;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bad records in every format that a source may have, and keys in Avro that meet others, on a real broker. */
@Timeout(180)
class BadFormatsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int TOO_LONG = 600 * 1024;
    private static final int KEYS = 20;

    @RegisterExtension
    static final LocalMesh mesh = new LocalMesh();

    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> others;
    private static SchemaRegistry registry;

    /** A record that is refused. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bad(String what, Reason reason, byte[] key, byte[] value) {
        static Bad value(String what, Reason reason, byte[] value) {
            return new Bad(what, reason, ForeignFormat.utf8(what), value);
        }

        boolean hasReadableKey() {
            return Arrays.equals(key, ForeignFormat.utf8(what));
        }
    }

    /** A product that copies what comes in. */
    private record Copies(ForeignFormat format, OutputPort<Sale> output, StreamingProduct product) {
        static Copies of(ForeignFormat format) {
            SourceBuilder<Sale, SourcePort<Sale>> builder = SourcePort.table(
                            "formats." + format.name() + "-sales.v1", Sale.class)
                    .topic("SALES_" + format.name());
            format.format().ifPresent(builder::format);
            SourcePort<Sale> source = builder.eventTime("at")
                    .key("item")
                    .describedAs("Sales in " + format.name())
                    .promises("something", "a sale is of something", sale -> sale.getQuantity() > 0)
                    .build();
            OutputPort<Sale> output = OutputPort.table("formats." + format.name() + "-copies.v1", Sale.class)
                    .eventTime("at")
                    .describedAs("The same.")
                    .build();
            DataProduct product = DataProduct.named("formats." + format.name())
                    .ownedBy("formats", "formats@example.org")
                    .describedAs("Copies.")
                    .reads(source)
                    .publishes(output)
                    .build();
            return new Copies(
                    format,
                    output,
                    new StreamingProduct(
                            product,
                            ports -> ports.publish(output, ports.read(source).changes())));
        }

        String topic() {
            return "SALES_" + format.name();
        }
    }

    @BeforeAll
    static void connect() {
        admin = Admin.create(Map.of("bootstrap.servers", mesh.bootstrapServers()));
        // One request at a time: a broker whose log of a new topic is not there yet refuses the first, and might take
        // the second for it.
        others = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        mesh.bootstrapServers(),
                        "linger.ms",
                        "5",
                        "max.in.flight.requests.per.connection",
                        "1"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        registry = SchemaRegistry.connect(Map.of("schema.registry.url", mesh.registryUrl()));
    }

    @AfterAll
    static void disconnect() {
        others.close();
        admin.close();
        registry.close();
    }

    @Test
    void everyBadRecordOfEveryFormatIsADeadLetterOnceAndByteForByte() throws Exception {
        List<Copies> all = ForeignFormat.all(registry).stream().map(Copies::of).toList();
        admin.createTopics(all.stream()
                        .map(copies ->
                                new NewTopic(copies.topic(), 1, (short) 1).configs(Map.of("cleanup.policy", "compact")))
                        .toList())
                .all()
                .get();
        Map<String, List<Bad>> written = new HashMap<>();
        for (Copies copies : all) {
            List<Bad> bad = bad(copies.format());
            for (Bad one : bad) {
                if (one.hasReadableKey()) {
                    // The bad one takes this row away.
                    write(copies.topic(), one.key(), copies.format().writer().sale(NOON, one.what(), 1L));
                }
                write(copies.topic(), one.key(), one.value());
            }
            write(
                    copies.topic(),
                    ForeignFormat.utf8("tea"),
                    copies.format().writer().sale(NOON, "tea", 2L));
            written.put(copies.format().name(), bad);
        }
        others.flush();

        try (MeshRuntime running = mesh.run(all.stream().map(Copies::product).toArray(StreamingProduct[]::new))) {
            for (Copies copies : all) {
                List<Bad> bad = written.get(copies.format().name());
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(mesh.table(copies.output()))
                                .as(copies.format().name())
                                .isEqualTo(Map.of("tea", new Sale(NOON, "tea", 2L))));
                List<DeadLetter> letters = mesh.deadLetters(copies.product().product());
                assertThat(letters)
                        .as(copies.format().name())
                        .extracting(letter -> letter.reason() + " of " + Arrays.toString(letter.key()))
                        .containsExactlyElementsOf(bad.stream()
                                .map(one -> one.reason() + " of " + Arrays.toString(one.key()))
                                .toList());
                for (int at = 0; at < bad.size(); at++) {
                    assertThat(letters.get(at).value())
                            .as(bad.get(at).what())
                            .isEqualTo(bad.get(at).value());
                }
            }
            assertThat(running.products()).hasSameSizeAs(all);
        }
    }

    /** The products in a class of their own: the linter follows whatever the class of a wiring calls. */
    private static final class Stock {
        static final SourcePort<Sale> ITEMS = SourcePort.table("items.items.v1", Sale.class)
                .topic("shop.public.items")
                .keys(AvroKey.of("id"))
                .format(JsonFormat.json())
                .eventTime("at")
                .key("item")
                .describedAs("Items that there are.")
                .build();
        static final SourcePort<Sale> TILLS = SourcePort.table("tills.rows.v1", Sale.class)
                .eventTime("at")
                .partitions(5)
                .describedAs("What was sold.")
                .build();
        static final OutputPort<Sale> SOLD = OutputPort.table("tills.sold.v1", Sale.class)
                .eventTime("at")
                .partitions(5)
                .key("item")
                .describedAs("What was sold, published.")
                .build();
        static final OutputPort<Sale> LEFT = OutputPort.table("items.left.v1", Sale.class)
                .eventTime("at")
                .key("item")
                .describedAs("What is left of each item.")
                .build();
        static final StreamingProduct TILL = new StreamingProduct(
                DataProduct.named("tills.sold")
                        .ownedBy("tills", "tills@example.org")
                        .describedAs("What was sold.")
                        .reads(TILLS)
                        .publishes(SOLD)
                        .build(),
                ports -> ports.publish(SOLD, ports.read(TILLS).changes()));
        static final StreamingProduct STORE = new StreamingProduct(
                DataProduct.named("items.left")
                        .ownedBy("items", "items@example.org")
                        .describedAs("What is left.")
                        .reads(ITEMS)
                        .reads(SOLD)
                        .publishes(LEFT)
                        .build(),
                ports -> ports.publish(
                        LEFT,
                        ports.read(ITEMS)
                                .table("items")
                                .join(
                                        ports.read(SOLD).table("sold"),
                                        (item, sale) -> Sale.newBuilder(item)
                                                .setQuantity(item.getQuantity() - sale.getQuantity())
                                                .build(),
                                        Named.as("join"),
                                        ports.store("joined", Sale.class))
                                .toStream(Named.as("changes"))));
    }

    /** Items of a database, with keys in Avro, in three partitions; what is sold of them is published in five. */
    @Test
    void keysInAvroMeetThoseOfAPublishedTableThatHasOtherPartitions() throws Exception {
        admin.createTopics(List.of(
                        new NewTopic("shop.public.items", 3, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                .all()
                .get();
        mesh.provision(Stock.TILL);
        Map<String, Sale> expected = new HashMap<>();
        for (int id = 0; id < KEYS; id++) {
            String item = Integer.toString(id);
            item(id, 100L + id);
            mesh.write(Stock.TILLS, item, new Sale(NOON, item, (long) id));
            expected.put(item, new Sale(NOON, item, 100L));
        }
        others.send(new ProducerRecord<>("shop.public.items", key(3), null)).get();
        others.send(new ProducerRecord<>("shop.public.items", ForeignFormat.utf8("4"), json(4, 1)))
                .get();
        item(5, 1_005);
        expected.remove("3");
        expected.put("5", new Sale(NOON, "5", 1_000L));

        Map<String, String> instance = mesh.settings();
        try (MeshRuntime running = mesh.run(instance, Stock.TILL, Stock.STORE)) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.table(Stock.LEFT)).isEqualTo(expected));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.deadLetters(Stock.STORE.product()))
                            .extracting(DeadLetter::reason)
                            .containsExactly(Reason.KEY));
            assertThat(running.products()).hasSize(2);
        }
        item(6, 7_006);
        mesh.write(Stock.TILLS, "7", new Sale(NOON, "7", 107L));
        expected.put("6", new Sale(NOON, "6", 7_000L));
        expected.put("7", new Sale(NOON, "7", 0L));
        try (MeshRuntime again = mesh.run(instance, Stock.TILL, Stock.STORE)) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.table(Stock.LEFT)).isEqualTo(expected));
            assertThat(mesh.prove(Stock.STORE.product()).records()).isPositive();
            // A proof ends when nobody reads for its generation any more; the process drops it a moment later.
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(again.products()).hasSize(2));
        }
    }

    private static void item(int id, long quantity) throws Exception {
        others.send(new ProducerRecord<>("shop.public.items", key(id), json(id, quantity)))
                .get();
    }

    private static byte[] json(int id, long quantity) {
        return ForeignFormat.utf8("{\"at\":\"" + NOON + "\",\"item\":\"" + id + "\",\"quantity\":" + quantity + "}");
    }

    private static byte[] key(int id) {
        Schema schema = SchemaBuilder.record("Key")
                .namespace("shop.public.items")
                .fields()
                .requiredInt("id")
                .endRecord();
        GenericRecord key = new GenericRecordBuilder(schema).set("id", id).build();
        return ForeignFormat.encoded(registry, key);
    }

    private static List<Bad> bad(ForeignFormat format) {
        ForeignFormat.Writer writer = format.writer();
        byte[] sale = writer.sale(NOON, "truncated", 1L);
        return List.of(
                // Amid the text: at the end of a field, half a message of Protobuf is a message.
                Bad.value("truncated", Reason.UNDECODABLE, Arrays.copyOf(sale, sale.length - 5)),
                Bad.value("garbage", Reason.UNDECODABLE, new byte[] {(byte) 0xff, 0x1f, (byte) 0xc3, 0x28, 7}),
                Bad.value("wrong type", Reason.UNDECODABLE, writer.sale(NOON, "wrong type", "many")),
                Bad.value("missing field", Reason.UNDECODABLE, writer.sale(null, "missing field", 1L)),
                Bad.value(
                        "before 1970", Reason.EVENT_TIME, writer.sale(Instant.EPOCH.minusMillis(1), "before 1970", 1L)),
                Bad.value("broken rule", Reason.QUALITY, writer.sale(NOON, "broken rule", -1L)),
                Bad.value("other key", Reason.KEY, writer.sale(NOON, "yet another key", 1L)),
                Bad.value("too large", Reason.TOO_LARGE, writer.sale(NOON, "x".repeat(TOO_LONG), 1L)),
                new Bad(
                        "key that is not UTF-8",
                        Reason.KEY,
                        new byte[] {'4', (byte) 0xC3, 0x28},
                        writer.sale(NOON, "tea", 1L)),
                Bad.value("empty", Reason.UNDECODABLE, new byte[0]));
    }

    private static void write(String topic, byte[] key, byte[] value) {
        Future<?> unused = others.send(new ProducerRecord<>(topic, 0, NOON.toEpochMilli(), key, value));
    }
}
