package io.kappamesh.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Acknowledgement;
import io.kappamesh.generation.CaughtUp;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.OffsetCheckpoint;
import io.kappamesh.generation.ProductLifecycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control records on the wire: JSON, so that an operator can read them with Kafka's own console consumer. Keys are
 * {@code product/sales.orders}, {@code cut/sales.orders.g1/<process>}, {@code rest/sales.orders.g1},
 * {@code read/sales.orders.g1} and {@code failure/sales.orders.g1}. Fields that a later version adds are ignored.
 */
final class ControlRecords {
    private static final Logger LOG = LoggerFactory.getLogger(ControlRecords.class);
    private static final String PRODUCT = "product/";
    private static final String CUT = "cut/";
    private static final String CHECKPOINT = "rest/";
    private static final String FAILURE = "failure/";
    private static final String READ = "read/";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ControlRecords() {}

    /** @param before the latest record of the product; null = there is none */
    static JsonNode written(ProductLifecycle lifecycle, @Nullable JsonNode before) {
        ObjectNode written = JSON.valueToTree(lifecycle);
        if (before != null) {
            UnknownFields.keep(before, written);
        }
        return written;
    }

    static ProducerRecord<byte[], byte[]> of(ProductName product, JsonNode written) {
        return record(product, PRODUCT + product, written);
    }

    static ProducerRecord<byte[], byte[]> of(ProductLifecycle lifecycle) {
        return of(lifecycle.name(), written(lifecycle, null));
    }

    static ProducerRecord<byte[], byte[]> of(Acknowledgement said) {
        return record(Generation.of(said.generation()).product(), CUT + said.generation() + "/" + said.process(), said);
    }

    static ProducerRecord<byte[], byte[]> of(OffsetCheckpoint checkpoint) {
        return record(
                Generation.of(checkpoint.generation()).product(), CHECKPOINT + checkpoint.generation(), checkpoint);
    }

    static ProducerRecord<byte[], byte[]> of(CaughtUp known) {
        return record(Generation.of(known.generation()).product(), READ + known.generation(), known);
    }

    static ProducerRecord<byte[], byte[]> noCheckpoint(Generation generation) {
        return forgotten(generation.product(), CHECKPOINT + generation);
    }

    static ProducerRecord<byte[], byte[]> of(Failure failure) {
        return record(Generation.of(failure.generation()).product(), FAILURE + failure.generation(), failure);
    }

    static ProducerRecord<byte[], byte[]> noFailure(Generation generation) {
        return forgotten(generation.product(), FAILURE + generation);
    }

    static ProducerRecord<byte[], byte[]> forgotten(ProductName product, String key) {
        return new ProducerRecord<>(ControlTopic.of(product), 0, key.getBytes(StandardCharsets.UTF_8), null);
    }

    /**
     * Adds a record to the state, where it replaces the earlier record of its key. A record of a kind that this version does not know is
     * ignored. So is one that cannot be read, unless it is a decision: a command that waits for it reports that it is missing.
     */
    static void read(ConsumerRecord<byte[], byte[]> record, ControlState into) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (key.startsWith(PRODUCT)) {
            if (ControlTopic.isOf(record.topic(), key.substring(PRODUCT.length()))) {
                decided(record, into);
            }
            return;
        }
        into.forget(key);
        if (record.value() == null) {
            return;
        }
        try {
            if (key.startsWith(CUT)) {
                into.note(key, JSON.readValue(record.value(), Acknowledgement.class));
            } else if (key.startsWith(CHECKPOINT)) {
                into.note(key, JSON.readValue(record.value(), OffsetCheckpoint.class));
            } else if (key.startsWith(FAILURE)) {
                into.note(key, JSON.readValue(record.value(), Failure.class));
            } else if (key.startsWith(READ)) {
                into.note(key, JSON.readValue(record.value(), CaughtUp.class));
            }
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("{}: record at offset {} cannot be read: {}", record.topic(), record.offset(), why(unreadable));
        }
    }

    private static void decided(ConsumerRecord<byte[], byte[]> record, ControlState into) {
        if (record.value() == null) {
            into.undecided();
            return;
        }
        try {
            JsonNode written = JSON.readTree(record.value());
            ProductLifecycle lifecycle = JSON.treeToValue(written, ProductLifecycle.class);
            if (lifecycle == null) {
                throw new IllegalArgumentException("nothing stands there"); // which is not the same as a deletion
            }
            into.decided(lifecycle, written);
        } catch (IOException | RuntimeException unreadable) {
            into.unreadable("stands at offset " + record.offset() + " of " + record.topic()
                    + " and cannot be read by this version of the library (" + why(unreadable) + ")");
        }
    }

    /** The place of the error in the JSON, without any of its values. */
    private static String why(Exception unreadable) {
        return unreadable instanceof JsonMappingException mapping
                        && !mapping.getPath().isEmpty()
                ? mapping.getClass().getSimpleName() + " at " + mapping.getPathReference()
                : unreadable.getClass().getSimpleName();
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
