package io.kappamesh.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.declaration.DeclarationException;
import java.time.LocalDate;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class KeyRuleTest {
    private static final Schema STATUS =
            SchemaBuilder.enumeration("test.Status").symbols("OPEN", "PAID");
    private static final Schema SCHEMA = SchemaBuilder.record("test.Keyed")
            .fields()
            .requiredString("name")
            .requiredInt("number")
            .requiredLong("id")
            .name("status")
            .type(STATUS)
            .noDefault()
            .name("day")
            .type(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)))
            .noDefault()
            .name("at")
            .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .optionalString("maybe")
            .requiredDouble("weight")
            .endRecord();
    private static final GenericRecord RECORD = new GenericRecordBuilder(SCHEMA)
            .set("name", new Utf8("tea"))
            .set("number", -7)
            .set("id", 1L << 40)
            .set("status", new GenericData.EnumSymbol(STATUS, "PAID"))
            .set("day", LocalDate.of(2026, 3, 1))
            .set("at", 0L)
            .set("maybe", "x")
            .set("weight", 1.0)
            .build();

    @Test
    void theKeyIsTheTextOfTheField() {
        assertThat(key("name")).isEqualTo("tea");
        assertThat(key("number")).isEqualTo("-7");
        assertThat(key("id")).isEqualTo("1099511627776");
        assertThat(key("status")).isEqualTo("PAID");
        assertThat(key("day")).isEqualTo("2026-03-01");
    }

    @Test
    void aDateIsADateHoweverItIsRepresented() {
        GenericRecord days = new GenericData.Record((GenericData.Record) RECORD, true);
        days.put("day", (int) LocalDate.of(2026, 3, 1).toEpochDay());

        assertThat(KeyRule.<GenericRecord>field(SCHEMA, "day").of(days)).isEqualTo("2026-03-01");
    }

    @Test
    void whatHasNoTextOfItsOwnOrMayBeNullOrIsNotThereIsNoKey() {
        assertThat(problem("at"))
                .contains("key field 'at' must be a string, an enum, an int, a long or a date that is never null");
        assertThat(problem("maybe")).contains("'maybe' must be");
        assertThat(problem("weight")).contains("'weight' must be", "give a function in key(…)");
        assertThat(problem("nowhere")).contains("key field 'nowhere' does not exist");
    }

    @Test
    void aRuleSaysWhatTheKeyIs() {
        assertThat(KeyRule.<GenericRecord>field(SCHEMA, "name").description()).isEqualTo("name");
        assertThat(catchThrowableOfType(DeclarationException.class, () -> new KeyRule<>(" ", value -> "k"))
                        .problems())
                .containsExactly("key rule: a description is missing; say what the key is, such as day|segment");
    }

    private static String key(String field) {
        return KeyRule.<GenericRecord>field(SCHEMA, field).of(RECORD);
    }

    private static String problem(String field) {
        return catchThrowableOfType(DeclarationException.class, () -> KeyRule.field(SCHEMA, field))
                .getMessage();
    }
}
