package io.kappamesh.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.declaration.DeclarationException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class EventTimeTest {
    private static final Schema LONG = Schema.create(Schema.Type.LONG);
    private static final Schema INT = Schema.create(Schema.Type.INT);

    @Test
    void millisAreTakenAsTheyAre() {
        assertThat(millis(LogicalTypes.timestampMillis(), LONG, 1_700_000_000_123L))
                .isEqualTo(1_700_000_000_123L);
        assertThat(millis(LogicalTypes.timestampMillis(), LONG, Instant.ofEpochMilli(-5)))
                .isEqualTo(-5);
    }

    @Test
    void microsAreRoundedDownOnBothSidesOf1970() {
        assertThat(millis(LogicalTypes.timestampMicros(), LONG, 1_999L)).isEqualTo(1);
        assertThat(millis(LogicalTypes.timestampMicros(), LONG, -1L)).isEqualTo(-1);
        assertThat(millis(LogicalTypes.timestampMicros(), LONG, Instant.ofEpochSecond(0, 1_999_000)))
                .isEqualTo(1);
    }

    @Test
    void aDateIsItsMidnightInUtc() {
        long expected = Instant.parse("1995-03-15T00:00:00Z").toEpochMilli();

        assertThat(millis(LogicalTypes.date(), INT, LocalDate.of(1995, 3, 15))).isEqualTo(expected);
        assertThat(millis(LogicalTypes.date(), INT, (int)
                        LocalDate.of(1995, 3, 15).toEpochDay()))
                .isEqualTo(expected);
    }

    @Test
    void aFieldInsideMayCountSecondsMillisecondsOrMicroseconds() {
        Schema envelope = SchemaBuilder.record("Envelope")
                .fields()
                .name("source")
                .type(SchemaBuilder.record("Source")
                        .fields()
                        .requiredLong("ts")
                        .requiredString("at")
                        .endRecord())
                .noDefault()
                .endRecord();
        GenericRecord source =
                new GenericData.Record(envelope.getField("source").schema());
        source.put("ts", 1_772_355_600L);
        source.put("at", "2026-03-01T10:00:00+01:00");
        GenericRecord record = new GenericData.Record(envelope);
        record.put("source", source);

        assertThat(EventTime.counted(envelope, "source.ts", ChronoUnit.SECONDS).millis(record))
                .isEqualTo(1_772_355_600_000L);
        assertThat(EventTime.counted(envelope, "source.ts", ChronoUnit.MILLIS).millis(record))
                .isEqualTo(1_772_355_600L);
        assertThat(EventTime.counted(envelope, "source.ts", ChronoUnit.MICROS).millis(record))
                .isEqualTo(1_772_355L);
        assertThat(EventTime.text(envelope, "source.at").of(envelope).millis(record))
                .isEqualTo(Instant.parse("2026-03-01T09:00:00Z").toEpochMilli());
        source.put("at", "yesterday");
        assertThatThrownBy(() -> EventTime.text(envelope, "source.at").millis(record))
                .isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> EventTime.counted(envelope, "source.at", ChronoUnit.DAYS))
                .isInstanceOfSatisfying(
                        DeclarationException.class,
                        refused -> assertThat(refused.problems()).hasSize(2));
        assertThatThrownBy(() -> EventTime.text(envelope, "source.no"))
                .hasMessageContaining("event time field 'source.no' does not exist");
    }

    @Test
    void aTimeThatDoesNotFitIntoMillisIsAnArithmeticException() {
        assertThatThrownBy(() -> millis(LogicalTypes.timestampMillis(), LONG, Instant.MAX))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aValueThatIsNoTimeIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> millis(LogicalTypes.timestampMillis(), LONG, "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("event time field 'at' holds no point in time");
        assertThatThrownBy(() -> millis(LogicalTypes.timestampMillis(), LONG, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFieldThatIsAbsentOrMayBeNullOrIsNoTimeIsRefusedAtTheDeclaration() {
        Schema nullable = SchemaBuilder.unionOf()
                .nullType()
                .and()
                .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
                .endUnion();

        assertRefused(record("at", nullable), "at", "must be a timestamp-millis");
        assertRefused(record("at", LONG), "at", "must be a timestamp-millis");
        assertRefused(
                record("at", LogicalTypes.localTimestampMillis().addToSchema(Schema.create(Schema.Type.LONG))),
                "at",
                "must be a timestamp-millis");
        assertRefused(record("at", LONG), "when", "event time field 'when' does not exist");
        assertRefused(LONG, "at", "does not exist");
    }

    private static void assertRefused(Schema schema, String field, String words) {
        assertThatThrownBy(() -> EventTime.in(schema, field))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining(schema.getFullName())
                .hasMessageContaining(words);
    }

    private static long millis(LogicalType type, Schema schema, Object value) {
        Schema record = record("at", type.addToSchema(Schema.create(schema.getType())));
        GenericRecord fact = new GenericData.Record(record);
        fact.put("at", value);
        EventTime time = EventTime.in(record, "at");
        assertThat(time.field()).contains("at");
        return time.millis(fact);
    }

    private static Schema record(String field, Schema type) {
        return SchemaBuilder.record("test.Fact")
                .fields()
                .name(field)
                .type(type)
                .noDefault()
                .endRecord();
    }
}
