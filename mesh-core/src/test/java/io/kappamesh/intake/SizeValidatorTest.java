package io.kappamesh.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.avro.AvroType;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Values that are larger once they are read than they came. */
class SizeValidatorTest {
    private static final RecordLimit LIMIT = new RecordLimit(1024 * 1024);
    private static final Schema ITEM = SchemaBuilder.record("test.Item")
            .fields()
            .name("note")
            .type()
            .stringType()
            .stringDefault("d".repeat(300))
            .endRecord();
    private static final Schema ITEMS = SchemaBuilder.record("test.Items")
            .fields()
            .name("items")
            .type(Schema.createArray(ITEM))
            .noDefault()
            .endRecord();

    private final SizeValidator<GenericRecord> room = new SizeValidator<>(AvroType.generic(ITEMS), LIMIT, true);

    @Test
    void aFewBytesThatBecomeTooMuchAreRefused() {
        ValidationResult<GenericRecord> result = room.take(4_000, items(4_000));

        assertThat(result).isInstanceOfSatisfying(ValidationResult.Refused.class, refused -> {
            assertThat(refused.rejection().reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(refused.rejection().detail()).contains("has 4000 bytes and takes 1208", "take at most 983040");
        });
    }

    @Test
    void whatFitsComesIn() {
        GenericRecord some = items(3_000);

        assertThat(room.take(3_000, some)).isEqualTo(new ValidationResult.Admitted<>(some));
    }

    /** Whatever is said not to need measuring is small enough: the bound is above what the worst bytes become. */
    @Test
    void nothingThatIsNotMeasuredIsTooLarge() {
        GenericRecord bare = items(1);
        for (int bytes = 1; bytes < 4_000; bytes += 97) {
            boolean fits = 10 + 303L * bytes <= LIMIT.value();
            assertThat(room.take(bytes, fits ? bare : items(bytes)))
                    .isInstanceOf(fits ? ValidationResult.Admitted.class : ValidationResult.Refused.class);
        }
    }

    private static GenericRecord items(int count) {
        List<GenericRecord> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            GenericRecord item = new GenericData.Record(ITEM);
            item.put("note", "d".repeat(300));
            items.add(item);
        }
        GenericRecord all = new GenericData.Record(ITEMS);
        all.put("items", items);
        return all;
    }
}
