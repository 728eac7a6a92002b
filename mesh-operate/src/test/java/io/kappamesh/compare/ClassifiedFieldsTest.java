package io.kappamesh.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

/** What the newest schema of a port classifies, in values that are older. */
class ClassifiedFieldsTest {
    private static final String PERSONAL = "\"classification\":\"personal\"";

    @Test
    void aFieldIsFoundHoweverDeepInATypeThatContainsItself() {
        ClassifiedFields fields = new ClassifiedFields(parsed("""
                {"type":"record","name":"Person","fields":[
                  {"name":"id","type":"string"},
                  {"name":"mail","type":"string",%s},
                  {"name":"parent","type":["null","Person"]},
                  {"name":"friends","type":{"type":"array","items":"Person"}},
                  {"name":"byName","type":{"type":"map","values":"Person"}}]}""".formatted(PERSONAL)));

        assertThat(has(fields, "mail")).isTrue();
        assertThat(has(fields, "id")).isFalse();
        assertThat(has(fields, "parent", "parent", "mail")).isTrue();
        assertThat(fields.has(
                        FieldPath.ROOT
                                .field("friends")
                                .element(3)
                                .field("byName")
                                .element("ann")
                                .field("mail"),
                        plain("mail"),
                        null))
                .isTrue();
        assertThat(fields.isWithin(FieldPath.ROOT.field("parent").field("friends"), List.of(), null))
                .isTrue();
    }

    /** A value that was written before the field was renamed has it under its old name. */
    @Test
    void aFieldIsFoundByTheNameThatItHad() {
        ClassifiedFields fields = new ClassifiedFields(parsed("""
                {"type":"record","name":"Person","fields":[
                  {"name":"eMail","aliases":["mail"],"type":"string",%s},
                  {"name":"home","aliases":["address"],"type":{"type":"record","name":"Home","fields":[
                    {"name":"street","type":"string",%s}]}}]}""".formatted(PERSONAL, PERSONAL)));

        assertThat(has(fields, "mail")).isTrue();
        assertThat(has(fields, "eMail")).isTrue();
        assertThat(has(fields, "address", "street")).isTrue();
        assertThat(fields.isWithin(FieldPath.ROOT.field("address"), List.of(), null))
                .isTrue();
    }

    @Test
    void aFieldIsFoundBehindAThousandOthers() {
        var wide = SchemaBuilder.record("Wide").fields();
        for (int i = 0; i < 1_500; i++) {
            wide = wide.requiredString("f" + i);
        }
        ClassifiedFields fields = new ClassifiedFields(wide.name("mail")
                .prop("classification", "personal")
                .type()
                .stringType()
                .noDefault()
                .endRecord());

        assertThat(has(fields, "mail")).isTrue();
        assertThat(has(fields, "f1400")).isFalse();
    }

    @Test
    void whereNothingIsKnownNothingIsShownOfAKey() {
        GenericRecord value = new GenericRecordBuilder(
                        SchemaBuilder.record("V").fields().requiredString("id").endRecord())
                .set("id", "k")
                .build();

        assertThat(new ClassifiedFields(null).showsKey("other", List.of(value))).isFalse();
        assertThat(new ClassifiedFields(value.getSchema()).showsKey("other", List.of(value)))
                .isTrue();
    }

    private static boolean has(ClassifiedFields fields, String... names) {
        FieldPath path = FieldPath.ROOT;
        for (String name : names) {
            path = path.field(name);
        }
        return fields.has(path, plain(names[names.length - 1]), null);
    }

    private static Schema.Field plain(String name) {
        return new Schema.Field(name, Schema.create(Schema.Type.STRING));
    }

    private static Schema parsed(String json) {
        return new Schema.Parser().parse(json);
    }
}
