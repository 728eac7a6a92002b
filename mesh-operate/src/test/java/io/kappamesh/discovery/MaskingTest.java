package io.kappamesh.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.catalog.Classification;
import io.kappamesh.catalog.FieldMeaning;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final Schema CUSTOMER = schema("""
            {"type":"record","name":"Customer","fields":[
              {"name":"id","type":"string","classification":"public"},
              {"name":"mail","type":["null","string"],"classification":"personal"},
              {"name":"address","type":{"type":"record","name":"Address","classification":"personal","fields":[
                {"name":"city","type":"string"}]}},
              {"name":"notes","type":{"type":"array","items":{"type":"string","classification":"secret"}}},
              {"name":"orders","type":{"type":"map","values":{"type":"record","name":"Order","fields":[
                {"name":"sum","type":"long"},{"name":"comment","type":"string","classification":"personal"}]}}}
            ]}""");

    @Test
    void whatIsClassifiedIsMaskedWhereverItIs() {
        assertThat(Masking.of(customer(), null))
                .hasToString("{\"id\":\"c1\",\"mail\":\"***\",\"address\":\"***\",\"notes\":\"***\","
                        + "\"orders\":{\"o1\":{\"sum\":7,\"comment\":\"***\"}}}");
    }

    /** A field that was classified later is masked in old records, under its old name too. */
    @Test
    void whatIsClassifiedNowIsMaskedInRecordsOfBefore() {
        Schema before = schema("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"},"
                + "{\"name\":\"rows\",\"type\":[\"null\",{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Row\",\"fields\":["
                + "{\"name\":\"b\",\"type\":\"string\"},{\"name\":\"c\",\"type\":\"int\"}]}}]}]}");
        Schema now = schema(
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"z\",\"aliases\":[\"a\"],\"type\":\"string\","
                        + "\"classification\":\"personal\"},{\"name\":\"rows\",\"type\":[\"null\",{\"type\":\"array\",\"items\":{\"type\":\"record\","
                        + "\"name\":\"Row\",\"fields\":[{\"name\":\"b\",\"type\":\"string\",\"classification\":\"personal\"},{\"name\":\"c\",\"type\":\"int\"}]}}]}]}");
        GenericRecord row = new GenericData.Record(
                before.getField("rows").schema().getTypes().get(1).getElementType());
        row.put("b", "seen");
        row.put("c", 3);
        GenericRecord record = new GenericData.Record(before);
        record.put("a", "seen");
        record.put("rows", List.of(row));

        assertThat(Masking.of(record, now)).hasToString("{\"a\":\"***\",\"rows\":[{\"b\":\"***\",\"c\":3}]}");
        assertThat(Masking.of(record, null).toString()).contains("seen");
    }

    @Test
    void longValuesAreCut() {
        Schema schema = schema("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"t\",\"type\":\"string\"},"
                + "{\"name\":\"l\",\"type\":{\"type\":\"array\",\"items\":\"int\"}}]}");
        GenericRecord record = new GenericData.Record(schema);
        record.put("t", "x".repeat(100_000));
        record.put("l", Collections.nCopies(100_000, 1));

        assertThat(Masking.of(record, null).toString()).hasSizeLessThan(400).contains("… 99990 more");
    }

    @Test
    void fieldsHaveTheirMeaningInsideToo() {
        assertThat(FieldMeaning.of(CUSTOMER.toString()))
                .extracting(FieldMeaning::path)
                .containsExactly(
                        "id", "mail", "address", "address.city", "notes", "orders", "orders{}.sum", "orders{}.comment");
        assertThat(FieldMeaning.of(CUSTOMER.toString()))
                .filteredOn(field -> field.classification().isPresent())
                .extracting(FieldMeaning::path)
                .containsExactly("mail", "address", "notes", "orders{}.comment");
        assertThat(Classification.isWithin(CUSTOMER)).isTrue();
    }

    @Test
    void aSchemaThatContainsItselfHasAnEnd() {
        Schema tree = SchemaBuilder.record("Tree")
                .fields()
                .name("next")
                .type()
                .unionOf()
                .nullType()
                .and()
                .type("Tree")
                .endUnion()
                .noDefault()
                .endRecord();

        assertThat(FieldMeaning.of(tree.toString())).hasSize(1);
        assertThat(Classification.isWithin(tree)).isFalse();
        assertThat(FieldMeaning.of("no schema")).isEmpty();
        assertThat(FieldMeaning.of("[".repeat(50_000))).isEmpty();
    }

    private static GenericRecord customer() {
        Schema order = CUSTOMER.getField("orders").schema().getValueType();
        GenericRecord first = new GenericData.Record(order);
        first.put("sum", 7L);
        first.put("comment", "hunter2");
        GenericRecord address =
                new GenericData.Record(CUSTOMER.getField("address").schema());
        address.put("city", "hunter2");
        GenericRecord customer = new GenericData.Record(CUSTOMER);
        customer.put("id", "c1");
        customer.put("mail", "hunter2");
        customer.put("address", address);
        customer.put("notes", List.of("hunter2"));
        customer.put("orders", Map.of("o1", first));
        return customer;
    }

    private static Schema schema(String text) {
        return new Schema.Parser().parse(text);
    }
}
