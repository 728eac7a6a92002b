package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.avro.SchemaResolution;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.IncompatibleSchemaException;
import io.kappamesh.registry.SchemaFormats;
import io.kappamesh.registry.SchemaRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the gate lets through is what the decoder reads, where Avro itself guesses, throws or changes values. */
class SchemaPairsTest {

    private static final String SUBJECT = "shop.events.v1-value";

    private final MockSchemaRegistryClient client = new MockSchemaRegistryClient();
    private final SchemaRegistry registry = SchemaRegistry.over(client);

    @Test
    void dataWithTheOldNameAndTheNewOneGoByTheNewOne() throws Exception {
        Schema writer = event("{'name':'total','type':'long'},{'name':'amount','type':'long'}");
        Schema reader = event("{'name':'total','type':'long','aliases':['amount']}");

        GenericRecord read =
                value(decode(reader, writer, built(writer).set("total", 5L).set("amount", 7L)));

        assertThat(read.get("total")).isEqualTo(5L);
        registry.requireReadable(SUBJECT, reader);
        registry.register(SUBJECT, reader, Compatibility.BACKWARD_TRANSITIVE);
    }

    @Test
    void anAliasReadsDataThatHaveTheOldNameOnly() throws Exception {
        Schema writer = event("{'name':'amount','type':'long'}");
        Schema reader = event("{'name':'total','type':'long','aliases':['amount']}");

        assertThat(value(decode(reader, writer, built(writer).set("amount", 7L)))
                        .get("total"))
                .isEqualTo(7L);
        registry.requireReadable(SUBJECT, reader);
    }

    @Test
    void aNameThatMayBeEitherOfTwoIsRefusedAndNotGuessed() throws Exception {
        Schema writer = event("{'name':'amount','type':'long'}");
        Schema taken = event("{'name':'total','type':'long','aliases':['amount']},{'name':'amount','type':'long'}");
        Schema old = event("{'name':'a','type':'long'},{'name':'b','type':'long'}");
        Schema choice = event("{'name':'c','type':'long','aliases':['a','b']}");

        assertThat(reason(decode(taken, writer, built(writer).set("amount", 7L))))
                .contains("both read amount of the data");
        assertThatThrownBy(() -> registry.requireReadable(SUBJECT, taken))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("both read amount of the data");
        assertThat(reason(decode(choice, old, built(old).set("a", 1L).set("b", 2L))))
                .contains("may be any of [a, b] of the data");
    }

    @Test
    void enumsAndFixedInUnionsAreReadUnderTheReadersOwnNamespace() throws Exception {
        String mode = "{'type':'enum','name':'Mode','symbols':['AIR','SEA']}";
        String sum = "{'type':'fixed','name':'Sum','size':2}";
        String fields = "{'name':'mode','type':%s},{'name':'sum','type':%s}";
        for (String written : List.of("%s", "['null',%s]", "[%s,'null']")) {
            for (String wanted : List.of("['null',%s]", "['null','string',%s]")) {
                Schema writer = event(fields.formatted(written.formatted(mode), written.formatted(sum)));
                Schema reader =
                        named("reader", "Event", fields.formatted(wanted.formatted(mode), wanted.formatted(sum)));
                Datum data = new Datum(writer, -1, List.of(nth(writer, 0, "SEA"), nth(writer, 1, new byte[] {1, 2})));

                GenericRecord read = value(new Projection<GenericRecord>(AvroType.generic(reader), writer, 100)
                        .read(Datum.binary(data::write), 0));

                assertThat(read.get("mode")).as("%s as %s", written, wanted).hasToString("SEA");
                assertThat(((GenericData.Fixed) read.get("sum")).bytes()).containsExactly(1, 2);
                assertThat(SchemaResolution.of(reader, writer).gaps()).isEmpty();
            }
        }
    }

    /** A value of a field, in whichever branch is not null. */
    private static Datum nth(Schema writer, int field, Object raw) {
        Schema type = writer.getFields().get(field).schema();
        if (type.getType() != Schema.Type.UNION) {
            return new Datum(type, -1, raw);
        }
        int branch = type.getTypes().get(0).getType() == Schema.Type.NULL ? 1 : 0;
        return new Datum(type.getTypes().get(branch), branch, raw);
    }

    @Test
    void textIsNotReadAsAnAmountInsideAUnion() throws Exception {
        Schema writer = event("{'name':'price','type':['null','string'],'default':null}");
        Schema reader = event("{'name':'price','type':['null',%s],'default':null}".formatted(decimal(14, 2)));

        assertThat(reason(decode(reader, writer, built(writer).set("price", "12.50"))))
                .contains("Event.price is decimal(14,2) in the reader and plain in the data");
        assertThat(value(decode(reader, writer, built(writer).set("price", null)))
                        .get("price"))
                .isNull();
        assertThatThrownBy(() -> registry.register(SUBJECT, reader, Compatibility.FULL_TRANSITIVE))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessageContaining("Event.price is decimal(14,2)");
    }

    @Test
    void aDayIsNotReadAsMillisecondsInsideAUnion() throws Exception {
        Schema writer = event("{'name':'at','type':['null',{'type':'int','logicalType':'date'}],'default':null}");
        Schema reader =
                event("{'name':'at','type':['null',{'type':'long','logicalType':'timestamp-millis'}],'default':null}");

        assertThat(reason(decode(reader, writer, built(writer).set("at", LocalDate.ofEpochDay(19_000)))))
                .contains("Event.at is timestamp-millis in the reader and date in the data");
        assertThatThrownBy(() -> registry.requireReadable(SUBJECT, reader))
                .isInstanceOf(IncompatibleSchemaException.class);
    }

    @Test
    void meaningIsJudgedInsideArraysMapsAndRecordsOfAnotherName() {
        String old = "{'name':'x','type':{'type':'array','items':{'type':'map','values':['null',"
                + "{'type':'record','name':'Old','fields':[{'name':'p','type':%s}]}]}}}";
        Schema writer = event(old.formatted(decimal(12, 2)));
        Schema reader = event(
                old.replace("'name':'Old'", "'name':'New','aliases':['Old']").formatted(decimal(12, 3)));

        assertThat(SchemaResolution.of(reader, writer).gaps())
                .containsExactly("Event.x[]{}: New.p is decimal(12,3) in the reader and decimal(12,2) in the data");
    }

    @Test
    void aRecordTypeThatTheReaderDoesNotKnowIsRefusedAndNotReadAsAnother() throws Exception {
        String dispatched = "{'type':'record','name':'Dispatched','fields':[{'name':'id','type':'long'}]}";
        String cancelled = "{'type':'record','name':'Cancelled','fields':[{'name':'id','type':'long'}]}";
        Schema writer = event("{'name':'what','type':[%s,%s]}".formatted(dispatched, cancelled));
        Schema reader = event("{'name':'what','type':['null',%s]}".formatted(dispatched));
        List<Schema> types = writer.getField("what").schema().getTypes();

        assertThat(value(decode(reader, writer, built(writer).set("what", id(types.get(0), 1))))
                        .get("what"))
                .hasToString("{\"id\": 1}");
        assertThat(reason(decode(reader, writer, built(writer).set("what", id(types.get(1), 2)))))
                .contains("nothing in the reader is their shop.Cancelled");
        assertThatThrownBy(() -> registry.requireReadable(SUBJECT, reader))
                .isInstanceOf(IncompatibleSchemaException.class);
    }

    @Test
    void twoTypesOfTheDataAreNeverReadAsOneBecauseTheyShareAName() throws Exception {
        String one = "{'type':'record','name':'Moved','namespace':'a','fields':[{'name':'id','type':'long'}]}";
        Schema writer = event("{'name':'what','type':[%s,%s]}".formatted(one, one.replace("'a'", "'b'")));
        Schema knowsA = event("{'name':'what','type':[%s]}".formatted(one));
        Schema own = event("{'name':'what','type':['null',%s]}".formatted(one.replace("'a'", "'own'")));
        List<Schema> types = writer.getField("what").schema().getTypes();

        assertThat(value(decode(knowsA, writer, built(writer).set("what", id(types.get(0), 1)))))
                .isNotNull();
        assertThat(reason(decode(knowsA, writer, built(writer).set("what", id(types.get(1), 1)))))
                .contains("b.Moved");
        assertThat(reason(decode(own, writer, built(writer).set("what", id(types.get(0), 1)))))
                .contains("a.Moved");
    }

    @Test
    @Timeout(5)
    void recordsThatReferToEachOtherAreComparedOnce() {
        Schema writer = web(9, "'long'");
        Schema reader = web(9, "'string'");

        assertThat(SchemaResolution.of(writer, web(9, "'long'")).gaps()).isEmpty();
        assertThat(SchemaResolution.of(reader, writer).gaps()).hasSizeBetween(1, 81);
    }

    @Test
    void textThatIsNotUtf8IsRefusedWhateverItIsReadInto() throws Exception {
        byte[] noText = {'a', (byte) 0xC3, 0x28};
        for (String type : List.of("'string'", "{'type':'string','avro.java.string':'String'}")) {
            Schema reader = event("{'name':'t','type':%s}".formatted(type));
            Schema bytes = event("{'name':'t','type':'bytes'}");
            byte[] pretending =
                    encode(bytes, built(bytes).set("t", ByteBuffer.wrap(noText)).build(), register(reader));

            assertThat(reason(new AvroDecoder<>(AvroType.generic(reader), registry).decode(pretending)))
                    .contains("not UTF-8");
            assertThat(reason(decode(reader, bytes, built(bytes).set("t", ByteBuffer.wrap(noText)))))
                    .contains("not UTF-8");
        }
        Schema keys = event("{'name':'t','type':{'type':'map','values':'int'}}");
        Schema likeKeys = event("{'name':'t','type':{'type':'array','items':{'type':'record','name':'E','fields':["
                + "{'name':'k','type':'bytes'},{'name':'v','type':'int'}]}}}");
        Schema entry = likeKeys.getField("t").schema().getElementType();
        GenericRecord one = new GenericRecordBuilder(entry)
                .set("k", ByteBuffer.wrap(noText))
                .set("v", 1)
                .build();
        byte[] pretending =
                encode(likeKeys, built(likeKeys).set("t", List.of(one)).build(), register(keys));
        assertThat(reason(new AvroDecoder<>(AvroType.generic(keys), registry).decode(pretending)))
                .contains("not UTF-8");
    }

    @Test
    void numbersThatTheReaderCannotHoldExactlyAreRefused() throws Exception {
        Schema longs = event("{'name':'n','type':'long'}");
        Schema ints = event("{'name':'n','type':'int'}");
        Schema doubles = event("{'name':'n','type':'double'}");
        Schema floats = event("{'name':'n','type':'float'}");

        assertThat(value(decode(doubles, longs, built(longs).set("n", 1L << 60)))
                        .get("n"))
                .isEqualTo((double) (1L << 60));
        assertThat(reason(decode(doubles, longs, built(longs).set("n", (1L << 53) + 1))))
                .contains("a double does not hold exactly");
        assertThat(reason(decode(doubles, longs, built(longs).set("n", Long.MAX_VALUE))))
                .contains("a double does not hold exactly");
        assertThat(reason(decode(floats, ints, built(ints).set("n", 16_777_217))))
                .contains("a float does not hold exactly");
        assertThat(value(decode(floats, ints, built(ints).set("n", 16_777_216))).get("n"))
                .isEqualTo(16_777_216f);
    }

    @Test
    void aRecordIsRefusedBeforeItIsTooDeepForTheStepsBehindIt() throws Exception {
        Schema chain = event("{'name':'next','type':['null','Event'],'default':null}");

        assertThat(value(decode(chain, chain, nested(chain, 100)))).isNotNull();
        assertThat(reason(decode(chain, chain, nested(chain, 101))))
                .contains("nested too deeply: more than 100 levels");
    }

    @Test
    void whatComesInFitsAFractionOfAStackInEveryLaterStep() throws Exception {
        Schema chain = event("{'name':'next','type':['null',{'type':'array','items':'Event'}],'default':null}");
        AvroType<GenericRecord> type = AvroType.generic(chain);
        GenericRecord deepest = built(chain).set("next", null).build();
        for (int levels = 1; levels + 2 < AvroDecoder.MAX_DEPTH; levels += 2) {
            deepest = built(chain).set("next", List.of(deepest)).build();
        }
        GenericRecord value = deepest;
        AtomicReference<Object> failure = new AtomicReference<>("did not run");
        Thread small = new Thread(
                null,
                () -> {
                    try {
                        StateSerde<GenericRecord> state = new StateSerde<>(type);
                        byte[] bytes = state.serializer().serialize("t", value);
                        GenericRecord read = state.deserializer().deserialize("t", bytes);
                        assertThat(read.equals(value) && read.toString().equals(value.toString()))
                                .isTrue();
                        failure.set("");
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                },
                "a quarter of the usual stack",
                256 << 10);
        small.start();
        small.join();

        assertThat(failure.get()).isEqualTo("");
    }

    @Test
    void whatIsSkippedIsBoundedLikeWhatIsRead() throws Exception {
        Schema chain = event("{'name':'next','type':['null','Event'],'default':null},{'name':'n','type':'int'}");
        Schema reader = event("{'name':'n','type':'int'}");
        GenericRecord deep = null;
        for (int i = 0; i < 200; i++) {
            deep = built(chain).set("next", deep).set("n", 1).build();
        }

        assertThat(reason(new AvroDecoder<>(AvroType.generic(reader), registry)
                        .decode(encode(chain, deep, register(chain)))))
                .contains("nested too deeply");
    }

    @Test
    @Timeout(20)
    void anAmountOfAMillionBytesIsRefusedAtOnce() throws Exception {
        Schema bytes = event("{'name':'p','type':'bytes'}");
        Schema amount = event("{'name':'p','type':%s}".formatted(decimal(12, 2)));
        byte[] digits = new byte[4_000_000];
        Arrays.fill(digits, (byte) 0x7f);
        byte[] pretending =
                encode(bytes, built(bytes).set("p", ByteBuffer.wrap(digits)).build(), register(amount));

        assertThat(reason(new AvroDecoder<>(AvroType.generic(amount), registry).decode(pretending)))
                .contains("more digits");
    }

    @Test
    void aBigDecimalDoesNotTakeTheMemoryThatItClaims() throws Exception {
        Schema bytes = event("{'name':'p','type':'bytes'}");
        Schema amount = event("{'name':'p','type':{'type':'bytes','logicalType':'big-decimal'}}");
        byte[] claims = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 1};
        byte[] pretending =
                encode(bytes, built(bytes).set("p", ByteBuffer.wrap(claims)).build(), register(amount));
        AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(AvroType.generic(amount), registry);
        GenericRecord written = built(amount).set("p", new BigDecimal("12.5")).build();

        assertThat(reason(decoder.decode(pretending))).contains("beyond its end");
        assertThat(value(decoder.decode(encode(amount, written, register(amount))))
                        .get("p"))
                .isEqualTo(new BigDecimal("12.5"));
    }

    @Test
    void defaultsThatAreNoValuesAreNamedAndNotThrown() {
        Schema writer = event("{'name':'id','type':'long'}");
        Schema reader = SchemaFormats.parse(
                List.of(),
                json(
                        "{'type':'record','name':'Event','namespace':'shop','fields':[{'name':'id','type':'long'},{'name':'t','type':'string','default':null}]}"));

        assertThat(SchemaResolution.of(reader, writer).gaps())
                .containsExactly("Event.t is not in the data and has a default that does not fit its type");
    }

    @Test
    void defaultsOfEveryKindAreReadLikeData() throws Exception {
        Schema writer = event("{'name':'id','type':'long'}");
        Schema reader = event("{'name':'a','type':%s,'default':'\\u0001\\u0000'},".formatted(decimal(9, 2))
                + "{'name':'b','type':{'type':'array','items':'string'},'default':['x']},"
                + "{'name':'c','type':{'type':'map','values':'int'},'default':{'k':3}},"
                + "{'name':'d','type':{'type':'record','name':'D','fields':[{'name':'e','type':'int','default':4}]},'default':{}},"
                + "{'name':'f','type':{'type':'int','logicalType':'date'},'default':5},"
                + "{'name':'g','type':['null','string'],'default':null},{'name':'h','type':'string','default':'t'}");
        AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(AvroType.generic(reader), registry);
        byte[] bytes = encode(writer, built(writer).set("id", 1L).build(), register(writer));

        GenericRecord read = value(decoder.decode(bytes));

        assertThat(read.get("a")).isEqualTo(new BigDecimal("2.56"));
        assertThat(read.get("b")).isEqualTo(List.of(new Utf8("x")));
        assertThat(read.get("c")).isEqualTo(Map.of(new Utf8("k"), 3));
        assertThat(read.get("d")).hasToString("{\"e\": 4}");
        assertThat(read.get("f")).isEqualTo(LocalDate.ofEpochDay(5));
        assertThat(read.get("g")).isNull();
        assertThat(read.get("h")).hasToString("t");
        assertThat(value(decoder.decode(bytes)).get("b"))
                .as("no two records share what can be changed")
                .isNotSameAs(read.get("b"));
    }

    private static Schema web(int size, String last) {
        List<String> names = IntStream.range(0, size).mapToObj(i -> "R" + i).toList();
        String first = null;
        for (int i = size - 1; i >= 0; i--) {
            int self = i;
            String next = first;
            String fields = names.stream()
                    .map(name -> next != null && name.equals("R" + (self + 1))
                            ? "{'name':'%s','type':['null',%s]}"
                                    .formatted(name.toLowerCase(java.util.Locale.ROOT), next)
                            : "{'name':'%s','type':['null','%s']}"
                                    .formatted(name.toLowerCase(java.util.Locale.ROOT), name))
                    .sorted((a, b) -> Boolean.compare(b.contains("record"), a.contains("record")))
                    .collect(Collectors.joining(","));
            first = "{'type':'record','name':'R%d','fields':[%s,{'name':'x','type':%s}]}".formatted(i, fields, last);
        }
        return parse(String.valueOf(first));
    }

    private static GenericRecordBuilder nested(Schema chain, int levels) {
        GenericRecord inner = null;
        for (int i = 1; i < levels; i++) {
            inner = built(chain).set("next", inner).build();
        }
        return built(chain).set("next", inner);
    }

    private static GenericRecord id(Schema schema, long id) {
        return new GenericRecordBuilder(schema).set("id", id).build();
    }

    private Decoded<GenericRecord> decode(Schema reader, Schema writer, GenericRecordBuilder written) throws Exception {
        return new AvroDecoder<>(AvroType.generic(reader), registry)
                .decode(encode(writer, written.build(), register(writer)));
    }

    private static byte[] encode(Schema writer, GenericRecord written, int id) {
        return new AvroEncoder<>(AvroType.generic(writer), id).encode(written);
    }

    private int register(Schema schema) throws Exception {
        return client.register(SUBJECT, new AvroSchema(schema));
    }

    private static GenericRecordBuilder built(Schema schema) {
        return new GenericRecordBuilder(schema);
    }

    private static Schema event(String fields) {
        return named("shop", "Event", fields);
    }

    private static Schema named(String namespace, String name, String fields) {
        return parse("{'type':'record','name':'%s','namespace':'%s','fields':[%s]}".formatted(name, namespace, fields));
    }

    private static String decimal(int precision, int scale) {
        return "{'type':'bytes','logicalType':'decimal','precision':%d,'scale':%d}".formatted(precision, scale);
    }

    private static Schema parse(String text) {
        return new Schema.Parser().parse(json(text));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static <T> T value(Decoded<T> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Value.class);
        return ((Decoded.Value<T>) decoded).value();
    }

    private static String reason(Decoded<?> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Refused.class);
        return ((Decoded.Refused<?>) decoded).reason();
    }
}
