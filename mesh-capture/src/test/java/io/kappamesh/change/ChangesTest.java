package io.kappamesh.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.engine.RecordChangeEvent;
import io.kappamesh.database.TableName;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class ChangesTest {
    @SuppressWarnings("JavaUtilDate") // Kafka Connect's
    private static final Date LATER_THAN_ANY_TIME_OF_A_DAY =
            new Date(Duration.ofDays(2).toMillis());

    private static final Schema ROW = SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("due", Time.SCHEMA)
            .optional()
            .build();
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .build();
    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("before", ROW)
            .field("after", ROW)
            .field("source", SOURCE)
            .build();

    /** The exception of the converter is one of Kafka's, and would be taken for a fault of the brokers. */
    @Test
    void changeThatCannotBeWrittenIsNamedByItsColumnAndPlaceAndIsNoFaultOfTheBrokers() {
        Struct value = new Struct(ENVELOPE)
                .put("op", "c")
                .put("after", new Struct(ROW).put("id", 7L).put("due", LATER_THAN_ANY_TIME_OF_A_DAY))
                .put("source", new Struct(SOURCE).put("schema", "public").put("table", "orders"));
        SourceRecord record =
                new SourceRecord(Map.of(), Map.of("lsn", 0x16B3748L), "orders", null, null, ENVELOPE, value);
        RecordChangeEvent<SourceRecord> event = () -> record;

        assertThatThrownBy(() -> new Changes(TableName.of("public.orders")).of(event))
                .isInstanceOfSatisfying(
                        ChangeStreamException.class,
                        failed -> assertThat(failed.unreadable())
                                .contains("public.orders.due at 0/16B3748 (DataException)"))
                .isNotInstanceOf(KafkaException.class)
                .hasCauseInstanceOf(KafkaException.class);
    }
}
