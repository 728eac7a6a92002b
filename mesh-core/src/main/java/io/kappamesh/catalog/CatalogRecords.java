package io.kappamesh.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.contract.ProductName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records of the catalogue on the wire: JSON, so that anybody can read them with Kafka's own console consumer. Keys are {@code
 * product/sales.orders}, {@code state/sales.orders/<process>} and {@code levels/sales.orders/<process>}. Fields and kinds of records that a later version adds are ignored.
 */
final class CatalogRecords {
    private static final String PRODUCT = "product/";
    private static final String STATE = "state/";
    private static final String LEVELS = "levels/";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private CatalogRecords() {}

    static String key(ProductName product) {
        return PRODUCT + product;
    }

    static String stateKey(ProductName product, String process) {
        return STATE + product + "/" + process;
    }

    static String levelsKey(ProductName product, String process) {
        return LEVELS + product + "/" + process;
    }

    /** The product that a key is about; empty = it is of no kind that this version knows. */
    static Optional<String> product(String key) {
        if (key.startsWith(PRODUCT)) {
            return Optional.of(key.substring(PRODUCT.length()));
        }
        return inner(key, STATE).or(() -> inner(key, LEVELS));
    }

    /** What stands between the beginning of a key and the name of a process. */
    private static Optional<String> inner(String key, String beginning) {
        int end = key.indexOf('/', beginning.length());
        return key.startsWith(beginning) && end > 0
                ? Optional.of(key.substring(beginning.length(), end))
                : Optional.empty();
    }

    static boolean isDescription(String key) {
        return key.startsWith(PRODUCT);
    }

    static ProducerRecord<byte[], byte[]> of(ProductDescription description) {
        byte[] all = bytes(description);
        return record(
                description.name(),
                key(description.name()),
                all.length > CompactedTopic.LARGEST / 2 ? bytes(description.withoutSchemas()) : all);
    }

    static ProducerRecord<byte[], byte[]> of(ProcessState state) {
        return record(state.name(), stateKey(state.name(), state.process()), bytes(state));
    }

    static ProducerRecord<byte[], byte[]> of(MeasuredLevels levels) {
        return record(levels.name(), levelsKey(levels.name(), levels.process()), bytes(levels));
    }

    static ProducerRecord<byte[], byte[]> deletion(ProductName product, String key) {
        return new ProducerRecord<>(CatalogTopic.of(product.domain()), key.getBytes(StandardCharsets.UTF_8), null);
    }

    /**
     * Adds a record to what is known, where it replaces the earlier record of its key. One that cannot be read, or that speaks of another
     * domain, is named and forgets what was known under its key.
     */
    static void read(ConsumerRecord<byte[], byte[]> record, CatalogContent into) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        Optional<String> about = product(key);
        if (about.isEmpty()) {
            return;
        }
        CatalogContent.Place place = new CatalogContent.Place(record.topic(), key);
        into.forget(place);
        if (record.value() == null) {
            return;
        }
        try {
            String domain = ProductName.of(about.get()).domain();
            if (!record.topic().equals(CatalogTopic.of(domain))) {
                throw new IllegalArgumentException("speaks for another domain");
            }
            if (isDescription(key)) {
                ProductDescription read =
                        Wire.require(JSON.readValue(record.value(), ProductDescription.class), "value");
                same(key, key(read.name()));
                into.note(place, read);
            } else if (key.startsWith(LEVELS)) {
                MeasuredLevels read = Wire.require(JSON.readValue(record.value(), MeasuredLevels.class), "value");
                same(key, levelsKey(read.name(), read.process()));
                into.note(place, read);
            } else {
                ProcessState read = Wire.require(JSON.readValue(record.value(), ProcessState.class), "value");
                same(key, stateKey(read.name(), read.process()));
                into.note(place, new HeardState(read, Instant.ofEpochMilli(record.timestamp())));
            }
        } catch (IOException | RuntimeException unreadable) {
            String sentence = "record at offset " + record.offset() + " of " + record.topic() + " cannot be read ("
                    + why(unreadable) + "); another version of the library may have written it";
            if (key.startsWith(LEVELS)) {
                into.unreadableLevels(place, sentence);
            } else {
                into.unreadable(place, sentence);
            }
        }
    }

    private static void same(String key, String value) {
        if (!key.equals(value)) {
            throw new IllegalArgumentException("says something else than its key");
        }
    }

    /** The place of the error in the JSON, without any of its values. */
    private static String why(Exception unreadable) {
        if (unreadable instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            return mapping.getClass().getSimpleName() + " at " + mapping.getPathReference();
        }
        return unreadable instanceof IllegalArgumentException known && known.getCause() == null
                ? String.valueOf(known.getMessage())
                : unreadable.getClass().getSimpleName();
    }

    private static ProducerRecord<byte[], byte[]> record(ProductName product, String key, byte[] value) {
        return new ProducerRecord<>(CatalogTopic.of(product.domain()), key.getBytes(StandardCharsets.UTF_8), value);
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
