package io.kappamesh.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.database.Marks;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The position of one port: {@code shop.orders.v1.mesh.capture}, compacted, one partition; the key is {@code table}, the value JSON. Each port has its own
 * topic, so that an open transaction of one capture does not hide the position of another. Stateless.
 */
final class CaptureTopic {
    private static final String SUFFIX = ".mesh.capture";
    private static final byte[] KEY = "table".getBytes(StandardCharsets.UTF_8);
    private static final Duration TO_READ = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private CaptureTopic() {}

    /** The name of the topic; also the transactional id of whoever captures into the port. */
    static String of(PortAddress port) {
        return port + SUFFIX;
    }

    /** Creates the topic if it does not exist. Several processes may call this at the same time. */
    static void ensure(Admin admin, PortAddress port) throws ExecutionException, InterruptedException {
        CompactedTopic.ensureDurable(admin, of(port));
    }

    static ProducerRecord<byte[], byte[]> record(PortAddress port, CapturePosition position) {
        try {
            return new ProducerRecord<>(of(port), 0, KEY, JSON.writeValueAsBytes(position));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The latest committed position. To be called after the transactional id was taken over: then no transaction of an earlier capture is open, and
     * all that it has committed lies before the end that is written.
     *
     * @param client brokers and security, as for any Kafka client
     * @return empty = nothing was captured
     * @throws LifecycleException when it cannot be read
     */
    static Optional<CapturePosition> read(Admin admin, PortAddress port, Map<String, Object> client)
            throws ExecutionException, InterruptedException {
        TopicPartition partition = new TopicPartition(of(port), 0);
        long end = TopicEnds.written(admin, List.of(partition.topic())).getOrDefault(partition, 0L);
        AtomicReference<@Nullable ConsumerRecord<byte[], byte[]>> last = new AtomicReference<>();
        CommittedReaders.readTo(client, Map.of(partition, end), TO_READ, last::set);
        ConsumerRecord<byte[], byte[]> found = last.get();
        if (found == null || found.value() == null) {
            return Optional.empty();
        }
        try {
            JsonNode position = JSON.readTree(found.value());
            if (position.get("source") instanceof ObjectNode source
                    && !source.path("marks").has("keyTypes")) {
                // An earlier version has written other marks, or none: its position is refused, and --again goes on.
                source.set("marks", JSON.valueToTree(Marks.UNKNOWN));
            }
            return Optional.of(JSON.treeToValue(position, CapturePosition.class));
        } catch (IOException unreadable) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "topic " + partition.topic() + ": the position at offset " + found.offset()
                            + " cannot be read, so that nobody knows what is captured; if a later version of the library has"
                            + " written it, use that version",
                    unreadable);
        }
    }
}
