package io.kappamesh.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kappamesh.contract.ProductName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Control records on the wire: JSON, so that an operator can read them with Kafka's own console consumer. Keys are
 * {@code product/sales.orders}, {@code cut/sales.orders.g1/<process>}, {@code rest/sales.orders.g1},
 * {@code read/sales.orders.g1} and {@code failure/sales.orders.g1}. Fields that a later version adds are passed over.
 */
final class ControlRecords {
    private static final String PRODUCT = "product/";
    private static final String CUT = "cut/";
    private static final String REST = "rest/";
    private static final String FAILURE = "failure/";
    private static final String READ = "read/";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ControlRecords() {}

    static ProducerRecord<byte[], byte[]> of(ProductLifecycle lifecycle) {
        return record(lifecycle.name(), PRODUCT + lifecycle.product(), lifecycle);
    }

    static ProducerRecord<byte[], byte[]> of(Acknowledgement said) {
        return record(Generation.of(said.generation()).product(), CUT + said.generation() + "/" + said.process(), said);
    }

    static ProducerRecord<byte[], byte[]> of(Rest rest) {
        return record(Generation.of(rest.generation()).product(), REST + rest.generation(), rest);
    }

    static ProducerRecord<byte[], byte[]> of(CaughtUp known) {
        return record(Generation.of(known.generation()).product(), READ + known.generation(), known);
    }

    static ProducerRecord<byte[], byte[]> noRest(Generation generation) {
        return new ProducerRecord<>(
                ControlTopic.of(generation.product()), 0, (REST + generation).getBytes(StandardCharsets.UTF_8), null);
    }

    static ProducerRecord<byte[], byte[]> of(Failure failure) {
        return record(Generation.of(failure.generation()).product(), FAILURE + failure.generation(), failure);
    }

    static ProducerRecord<byte[], byte[]> noFailure(Generation generation) {
        return new ProducerRecord<>(
                ControlTopic.of(generation.product()),
                0,
                (FAILURE + generation).getBytes(StandardCharsets.UTF_8),
                null);
    }

    /** Takes note of a record; one of a kind that this version does not know is passed over. */
    static void read(ConsumerRecord<byte[], byte[]> record, ControlState into) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            into.forget(key);
        } else if (key.startsWith(PRODUCT)) {
            into.note(key, value(record, ProductLifecycle.class));
        } else if (key.startsWith(CUT)) {
            into.note(key, value(record, Acknowledgement.class));
        } else if (key.startsWith(REST)) {
            into.note(key, value(record, Rest.class));
        } else if (key.startsWith(FAILURE)) {
            into.note(key, value(record, Failure.class));
        } else if (key.startsWith(READ)) {
            into.note(key, value(record, CaughtUp.class));
        }
    }

    private static <T> T value(ConsumerRecord<byte[], byte[]> record, Class<T> type) {
        try {
            return JSON.readValue(record.value(), type);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "control record at offset " + record.offset() + " of " + record.topic()
                            + " is not what this version of the library writes; was it written by hand?",
                    unreadable);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(ProductName product, String key, Object value) {
        try {
            return new ProducerRecord<>(
                    ControlTopic.of(product), 0, key.getBytes(StandardCharsets.UTF_8), JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
