package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.avrotest.Purchase;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class StateSerdeTest {

    private static final String TOPIC = "sales.orders.g1-totals-changelog";

    private final StateSerde<Purchase> serde = new StateSerde<>(AvroType.of(Purchase.class));

    @Test
    void whatIsWrittenIsReadAgain() {
        Purchase purchase = Records.purchase(5);

        byte[] bytes = serde.serializer().serialize(TOPIC, purchase);

        assertThat(serde.deserializer().deserialize(TOPIC, bytes)).isEqualTo(purchase);
    }

    @Test
    void nullStaysNull() {
        assertThat(serde.serializer().serialize(TOPIC, null)).isNull();
        assertThat(serde.deserializer().deserialize(TOPIC, null)).isNull();
    }

    @Test
    void schemasWithoutLogicalTypesGiveAvrosOwnSingleObjectEncoding() throws Exception {
        Schema schema = schema("{\"name\":\"n\",\"type\":\"long\"}");
        GenericRecord value = new GenericRecordBuilder(schema).set("n", 42L).build();
        var avro = new BinaryMessageEncoder<GenericRecord>(new org.apache.avro.generic.GenericData(), schema);

        byte[] bytes = new StateSerde<>(AvroType.generic(schema)).serializer().serialize(TOPIC, value);

        assertThat(bytes).isEqualTo(avro.encode(value).array());
    }

    @Test
    void stateOfAnotherBuildIsRefusedWithBothFingerprints() {
        Schema before = schema("{\"name\":\"n\",\"type\":\"long\"}");
        Schema after = schema("{\"name\":\"n\",\"type\":\"int\"}");
        GenericRecord value = new GenericRecordBuilder(before).set("n", 42L).build();
        byte[] bytes = new StateSerde<>(AvroType.generic(before)).serializer().serialize(TOPIC, value);

        assertThatThrownBy(() ->
                        new StateSerde<>(AvroType.generic(after)).deserializer().deserialize(TOPIC, bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("another build")
                .hasMessageContaining("%016x".formatted(SchemaNormalization.parsingFingerprint64(before)))
                .hasMessageContaining("%016x".formatted(SchemaNormalization.parsingFingerprint64(after)))
                .hasMessageEndingWith("replay");
    }

    @Test
    void anotherScaleIsAnotherFingerprint() {
        assertThat(SchemaFingerprint.of(decimal(12, 2))).isNotEqualTo(SchemaFingerprint.of(decimal(12, 4)));
    }

    @Test
    void fieldsThatExchangeTheirLogicalTypesAreAnotherFingerprint() {
        String at = "{\"name\":\"a\",\"type\":%s},{\"name\":\"b\",\"type\":%s}";
        String time = "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";

        assertThat(StateSerde.fingerprint(schema(at.formatted(time, "\"long\""))))
                .isNotEqualTo(StateSerde.fingerprint(schema(at.formatted("\"long\"", time))));
    }

    @Test
    void brokenStateIsRefused() {
        byte[] bytes = serde.serializer().serialize(TOPIC, Records.purchase(1));

        assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, new byte[] {1, 2, 3}))
                .isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("1 bytes behind its end");
    }

    private static Schema decimal(int precision, int scale) {
        return schema(
                "{\"name\":\"n\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":%d,\"scale\":%d}}"
                        .formatted(precision, scale));
    }

    private static Schema schema(String field) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"State\",\"namespace\":\"test\",\"fields\":[" + field + "]}");
    }
}
