package io.kappamesh.testkit;

import static io.kappamesh.testkit.Facts.fact;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProductDriverTest {
    private final Facts shop = new Facts("shop");
    private final EventSource<GenericRecord> raw = shop.raw;
    private final ProductDriver driver = ProductDriver.of(shop.product());

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void whatIsPipedInIsPublishedBeforeTheCallReturns() {
        driver.pipe(raw, "a", fact("one"));
        driver.pipe(raw, "b", fact("two"));

        assertThat(driver.records(shop.facts)).extracting(TestRecord::key).containsExactly("a", "b");
        assertThat(driver.records(shop.facts)).isEmpty();
        assertThat(driver.deadLetters()).isEmpty();
    }

    @Test
    void aTableIsTheLatestPerKey() {
        driver.pipe(raw, "a", fact("one"));
        driver.pipe(raw, "a", fact("two"));

        assertThat(driver.table(shop.facts)).isEqualTo(Map.of("a", fact("two")));
    }

    @Test
    void aTableIsWholeHoweverOftenItIsAskedFor() {
        driver.pipe(raw, "a", fact("one"));
        assertThat(driver.table(shop.facts)).containsOnlyKeys("a");
        driver.pipe(raw, "b", fact("two"));

        assertThat(driver.table(shop.facts)).containsOnlyKeys("a", "b");
        assertThat(driver.records(shop.facts)).extracting(TestRecord::key).containsExactly("a", "b");
    }

    @Test
    void aDeletionTakesItsKeyOutOfTheTable() {
        Facts mall = new Facts("mall");
        try (ProductDriver reader = ProductDriver.of(shop.reader(mall.facts), Map.of("max.task.idle.ms", 0L))) {
            reader.pipe(mall.facts, "a", fact("one"));
            reader.pipe(mall.facts, "b", fact("two"));
            reader.pipeDeletion(mall.facts, "a", 5);

            assertThat(reader.table(shop.facts)).containsOnlyKeys("b");
        }
    }

    @Test
    void whatTheIntakeRefusesIsADeadLetterWithItsBytes() {
        driver.pipe(raw, "a", fact(""));
        driver.pipeBytes(raw, utf8("b"), utf8("garbage"), new RecordHeaders().add("h", utf8("v")), 5);
        driver.pipeDeletion(raw, "c", 6);

        assertThat(driver.deadLetters())
                .satisfiesExactly(
                        invalid -> {
                            assertThat(invalid.reason()).isEqualTo(Reason.INVALID);
                            assertThat(invalid.detail()).isEqualTo("there is no text");
                            assertThat(invalid.value()).isEqualTo(driver.bytes(raw, fact("")));
                        },
                        garbage -> {
                            assertThat(garbage.reason()).isEqualTo(Reason.UNDECODABLE);
                            assertThat(garbage.value()).isEqualTo(utf8("garbage"));
                            assertThat(garbage.headers().lastHeader("h").value())
                                    .isEqualTo(utf8("v"));
                            assertThat(garbage.timestamp()).isEqualTo(5);
                        },
                        deletion -> assertThat(deletion.reason()).isEqualTo(Reason.NULL_VALUE));
        assertThat(driver.deadLetters()).isEmpty();
        assertThat(driver.records(shop.facts)).isEmpty();
    }

    @Test
    void aRecordUnderAnotherKeyThanThePortDeclaresIsADeadLetter() {
        SourcePort<GenericRecord> keyed = Tallies.rows("keyed").key("text").build();
        try (ProductDriver keys = ProductDriver.of(new Tallies().copy(keyed))) {
            keys.pipe(keyed, "a", fact("a"));
            keys.pipe(keyed, "b", fact("a"));

            assertThat(keys.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.KEY);
        }
    }

    @Test
    void theWriterMayHaveMoreFieldsThanTheReader() {
        Schema writer = SchemaBuilder.record("test.Fact")
                .fields()
                .requiredString("more")
                .name("at")
                .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .requiredString("text")
                .endRecord();
        GenericRecord written = new GenericRecordBuilder(writer)
                .set("more", "m")
                .set("at", Facts.NOON)
                .set("text", "t")
                .build();

        driver.pipe(raw, "a", written, writer);

        assertThat(driver.table(shop.facts)).isEqualTo(Map.of("a", fact("t")));
        assertThat(driver.deadLetters()).extracting(DeadLetter::reason).isEmpty();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
