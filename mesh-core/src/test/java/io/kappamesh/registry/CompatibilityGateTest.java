package io.kappamesh.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kappamesh.contracts.avrotest.Purchase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class CompatibilityGateTest {

    private static final String SUBJECT = "sales.orders.v1-value";

    private static final String ID = "{'name':'id','type':'long'}";
    private static final String NOTE = "{'name':'note','type':'string'}";
    private static final String NOTE_WITH_DEFAULT = "{'name':'note','type':'string','default':''}";

    private final MockSchemaRegistryClient client = new MockSchemaRegistryClient();
    private final SchemaRegistry registry = SchemaRegistry.over(client);

    @Test
    void aSecondStartWritesNothing() throws Exception {
        int id = registry.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);

        assertThat(registry.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE))
                .isEqualTo(id);

        assertThat(client.getAllVersions(SUBJECT)).containsExactly(1);
        assertThat(client.getCompatibility(SUBJECT)).isEqualTo("FULL_TRANSITIVE");
    }

    @Test
    void aSchemaThatDoesNotFitItselfIsRefusedAsTheFirstVersionTooAndInAFieldThatIsNew() throws Exception {
        String price = "{'name':'price','type':['null',%s,%s],'default':null}"
                .formatted(
                        "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2}",
                        "{'type':'fixed','name':'F','size':8,'logicalType':'decimal','precision':9,'scale':2}");

        assertThatThrownBy(() -> registry.register(SUBJECT, order(ID, price), Compatibility.FULL_TRANSITIVE))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("version 1")
                .hasMessageContaining("data of the new schema, read with the new schema: Order.price")
                .hasMessageContaining("[union-of-alike-types]");
        registry.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);
        assertThat(registry.broken(SUBJECT, order(ID, price), Compatibility.FULL_TRANSITIVE))
                .anyMatch(why -> why.startsWith("data of the new schema, read with the new schema: Order.price")
                        && why.contains("[union-of-alike-types]"));
        assertThat(client.getAllVersions(SUBJECT)).containsExactly(1);
    }

    @Test
    void aStartReadsEachVersionOnceAlthoughItComparesAndRegisters() {
        registry.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);
        registry.register(SUBJECT, order(ID, NOTE_WITH_DEFAULT), Compatibility.FULL_TRANSITIVE);
        AtomicInteger read = new AtomicInteger();
        AtomicLong clock = new AtomicLong();
        SchemaRegistry starting = new SchemaRegistry(counting(read), clock::get);

        starting.broken(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);
        starting.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);
        assertThat(read).hasValue(2);

        clock.addAndGet(Duration.ofSeconds(30).toNanos());
        starting.versions(SUBJECT);
        assertThat(read).as("numbers may be given again").hasValue(4);
    }

    /** The same registry, by a client of its own. */
    private SchemaRegistryClient counting(AtomicInteger read) {
        return (SchemaRegistryClient) Proxy.newProxyInstance(
                SchemaRegistryClient.class.getClassLoader(),
                new Class<?>[] {SchemaRegistryClient.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getSchemaMetadata") && arguments.length == 3) {
                        read.incrementAndGet();
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    @Test
    void versionsComeOldestFirstAndWarmTheCache() {
        int first = registry.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);
        int second = registry.register(SUBJECT, order(ID, NOTE_WITH_DEFAULT), Compatibility.FULL_TRANSITIVE);
        SchemaRegistry other = SchemaRegistry.over(client);

        assertThat(other.versions(SUBJECT))
                .containsExactly(
                        new RegisteredSchema(first, 1, order(ID)),
                        new RegisteredSchema(second, 2, order(ID, NOTE_WITH_DEFAULT)));

        assertThat(other.knows(first)).isTrue();
        assertThat(other.knows(second)).isTrue();
        assertThat(other.versions("nobody.ever.v1-value")).isEmpty();
    }

    /** An earlier version may break it that came before this gate; a restart changes nothing any more. */
    @Test
    void aSchemaThatIsRegisteredIsNotJudgedAgain() {
        registry.register(SUBJECT, order(ID), Compatibility.NONE);
        registry.register(SUBJECT, order(ID, NOTE), Compatibility.NONE);

        assertThat(registry.broken(SUBJECT, order(ID, NOTE), Compatibility.FULL_TRANSITIVE))
                .isEmpty();
        assertThat(registry.broken(SUBJECT, order(NOTE), Compatibility.FULL_TRANSITIVE))
                .isNotEmpty();
    }

    /** Another replica registers its schema meanwhile: nobody has deleted that. */
    @Test
    void aVersionThatComesWhileTheOthersAreReadIsNotTakenForADeletedOne() {
        registry.register(SUBJECT, order(ID), Compatibility.NONE);
        AtomicBoolean registered = new AtomicBoolean();
        SchemaRegistryClient overtaking = (SchemaRegistryClient) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SchemaRegistryClient.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getSchemaMetadata") && registered.compareAndSet(false, true)) {
                        registry.register(SUBJECT, order(ID, NOTE_WITH_DEFAULT), Compatibility.NONE);
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        SchemaRegistry overtaken = SchemaRegistry.over(overtaking);

        assertThat(overtaken.broken(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE))
                .isEmpty();
        assertThat(registry.versions(SUBJECT)).hasSize(2);
    }

    @Test
    void aLevelThatSomebodyChangedIsSetBack() throws Exception {
        registry.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);
        client.updateCompatibility(SUBJECT, "NONE");

        registry.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);

        assertThat(client.getCompatibility(SUBJECT)).isEqualTo("FULL_TRANSITIVE");
    }

    @Test
    void aNewFieldWithoutDefaultIsNotBackward() throws Exception {
        registry.register(SUBJECT, order(ID), Compatibility.BACKWARD_TRANSITIVE);

        assertThatThrownBy(() -> registry.register(SUBJECT, order(ID, NOTE), Compatibility.BACKWARD_TRANSITIVE))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining(SUBJECT)
                .hasMessageContaining("BACKWARD_TRANSITIVE")
                .hasMessageContaining(
                        "data of version 1, read with the new schema: Order.note is not in the data and has no default")
                .hasMessageContaining("new major version");
        assertThat(client.getAllVersions(SUBJECT)).containsExactly(1);
    }

    @Test
    void aDroppedFieldWithoutDefaultIsNotForward() {
        registry.register(SUBJECT, order(ID, NOTE), Compatibility.FORWARD_TRANSITIVE);

        assertThatThrownBy(() -> registry.register(SUBJECT, order(ID), Compatibility.FORWARD_TRANSITIVE))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("new data, read with the schema of version 1: Order.note is not in the data");
        assertThat(SchemaRegistry.over(client).register(SUBJECT, order(ID), Compatibility.BACKWARD_TRANSITIVE))
                .isPositive();
    }

    @Test
    void everyVersionCountsAndNotTheLastOnly() {
        registry.register(SUBJECT, order(ID), Compatibility.NONE);
        registry.register(SUBJECT, order(ID, NOTE_WITH_DEFAULT), Compatibility.NONE);

        assertThatThrownBy(() -> registry.register(SUBJECT, order(ID, NOTE), Compatibility.BACKWARD_TRANSITIVE))
                .hasMessageContaining("version 1")
                .hasMessageNotContaining("version 2");
    }

    @Test
    void everythingThatIsBrokenIsNamedWithItsPath() {
        Schema before = order(ID, lines("{'name':'part','type':'string'}", "{'name':'price','type':'int'}"));
        Schema after = order(
                "{'name':'id','type':'string'}",
                lines("{'name':'part','type':'string'}", "{'name':'price','type':'string'}", NOTE));
        registry.register(SUBJECT, before, Compatibility.NONE);

        assertThatThrownBy(() -> registry.register(SUBJECT, after, Compatibility.BACKWARD_TRANSITIVE))
                .hasMessageContaining("Order.id is string in the reader and long in the data")
                .hasMessageContaining("Order.lines[].price is string in the reader and int in the data")
                .hasMessageContaining("Order.lines[].note is not in the data and has no default");
    }

    @Test
    void whatIsWrongInsideAnOptionalRecordIsNamed() {
        registry.register(SUBJECT, order(ID, optional("{'name':'x','type':'int'}")), Compatibility.NONE);

        assertThatThrownBy(() -> registry.register(
                        SUBJECT, order(ID, optional("{'name':'y','type':'int'}")), Compatibility.BACKWARD_TRANSITIVE))
                .hasMessageContaining("Order.gift: Gift.y is not in the data and has no default");
    }

    @Test
    void amountsAndTimesKeepTheirUnit() {
        registry.register(SUBJECT, order(decimal("price", 12, 2), time("at", "timestamp-millis")), Compatibility.NONE);

        assertThatThrownBy(() -> registry.register(
                        SUBJECT,
                        order(decimal("price", 12, 4), time("at", "timestamp-micros")),
                        Compatibility.BACKWARD_TRANSITIVE))
                .hasMessageContaining("Order.price is decimal(12,4) in the reader and decimal(12,2) in the data")
                .hasMessageContaining("Order.at is timestamp-micros in the reader and timestamp-millis in the data");
        assertThatThrownBy(() -> registry.register(
                        SUBJECT,
                        order(decimal("price", 14, 2), time("at", "timestamp-millis")),
                        Compatibility.FULL_TRANSITIVE))
                .hasMessageContaining("new data, read with the schema of version 1: Order.price is decimal(12,2)");
        assertThat(registry.register(
                        SUBJECT,
                        order(decimal("price", 14, 2), time("at", "timestamp-millis")),
                        Compatibility.BACKWARD_TRANSITIVE))
                .isPositive();
    }

    @Test
    void aReaderMustTakeTheDataOfEveryVersion() {
        registry.register(SUBJECT, order(ID), Compatibility.NONE);
        registry.register(SUBJECT, order(ID, NOTE), Compatibility.NONE);

        registry.requireReadable(SUBJECT, order(ID));
        registry.requireReadable(SUBJECT, order(NOTE_WITH_DEFAULT));
        assertThatThrownBy(() -> registry.requireReadable(SUBJECT, order(NOTE)))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining(SUBJECT)
                .hasMessageContaining("version 1: Order.note is not in the data and has no default")
                .hasMessageNotContaining("version 2");
    }

    @Test
    void whatIsPublishedNamesNoJavaTypes() throws Exception {
        assertThat(Purchase.getClassSchema().toString()).contains("avro.java.string");

        int id = registry.register(SUBJECT, Purchase.getClassSchema(), Compatibility.FULL_TRANSITIVE);

        String published = client.getSchemaById(id).canonicalString();
        assertThat(published).doesNotContain("avro.java.string").contains("\"name\":\"customer\",\"type\":\"string\"");
        assertThat(new AvroSchema(published)
                        .rawSchema()
                        .getField("lines")
                        .schema()
                        .getElementType()
                        .getFields())
                .hasSize(4);
        assertThat(registry.register(SUBJECT, Purchase.getClassSchema(), Compatibility.FULL_TRANSITIVE))
                .isEqualTo(id);
    }

    @Test
    void aBetterExplanationIsANewVersion() throws Exception {
        registry.register(SUBJECT, order(ID), Compatibility.FULL_TRANSITIVE);

        registry.register(SUBJECT, order("{'name':'id','type':'long','doc':'unique'}"), Compatibility.FULL_TRANSITIVE);

        assertThat(client.getAllVersions(SUBJECT)).containsExactly(1, 2);
    }

    private static Schema order(String... fields) {
        return new Schema.Parser()
                .parse("{'type':'record','name':'Order','namespace':'sales','fields':[%s]}"
                        .formatted(String.join(",", fields))
                        .replace('\'', '"'));
    }

    private static String lines(String... fields) {
        return "{'name':'lines','type':{'type':'array','items':{'type':'record','name':'Line','fields':[%s]}}}"
                .formatted(String.join(",", fields));
    }

    private static String optional(String field) {
        return "{'name':'gift','type':['null',{'type':'record','name':'Gift','fields':[%s]}],'default':null}"
                .formatted(field);
    }

    private static String decimal(String name, int precision, int scale) {
        return "{'name':'%s','type':{'type':'bytes','logicalType':'decimal','precision':%d,'scale':%d}}"
                .formatted(name, precision, scale);
    }

    private static String time(String name, String unit) {
        return "{'name':'%s','type':{'type':'long','logicalType':'%s'}}".formatted(name, unit);
    }
}
