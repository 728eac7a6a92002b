package io.kappamesh.position;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The positions of one port: {@code sales.order-events.v1.mesh.ingest}, compacted, one partition; keys are {@code file/<digest>} for positions and {@code seen/<path>} for what
 * files were found to be, values JSON. Each port has its own topic, so that an open transaction of one ingest does not hide the positions of another.
 */
public final class IngestTopic {
    private static final String SUFFIX = ".mesh.ingest";
    private static final String KEY = "file/";
    private static final String SEEN = "seen/";
    private static final Duration TO_READ = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private IngestTopic() {}

    /** The name of the topic; also the transactional id of whoever ingests into the port. */
    public static String of(PortAddress port) {
        return port + SUFFIX;
    }

    /** Creates the topic if it does not exist. Several processes may call this at the same time. */
    public static void ensure(Admin admin, PortAddress port) throws ExecutionException, InterruptedException {
        CompactedTopic.ensureDurable(admin, of(port));
    }

    /** The record that states a position. */
    public static ProducerRecord<byte[], byte[]> record(PortAddress port, IngestPosition position) {
        ObjectNode json = JSON.createObjectNode();
        json.put("file", position.file());
        json.put("digest", position.digest());
        json.put("rows", position.rows());
        json.put("offset", position.offset());
        json.put("done", position.done());
        json.put(
                "handOver",
                position.handOver() == null ? null : position.handOver().toString());
        json.put("topicId", position.topicId());
        ArrayNode partitions = json.putArray("written");
        position.counts().partitions().forEach(partitions::add);
        json.put("refused", position.counts().refused());
        json.put("live", position.counts().live());
        json.put("newest", position.counts().newest());
        return record(port, KEY + position.digest(), json);
    }

    /** The record that states what a file was found to be. */
    public static ProducerRecord<byte[], byte[]> record(PortAddress port, SeenFile file) {
        ObjectNode json = JSON.createObjectNode();
        json.put("stamp", file.stamp());
        json.put("digest", file.digest());
        return record(port, SEEN + file.path(), json);
    }

    private static ProducerRecord<byte[], byte[]> record(PortAddress port, String key, ObjectNode json) {
        try {
            return new ProducerRecord<>(
                    of(port), 0, key.getBytes(StandardCharsets.UTF_8), JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * What is known by ingests that have ended or go on. An ingest that is under way may know more.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws LifecycleException when something cannot be read
     */
    public static Ingested seen(Admin admin, PortAddress port, Map<String, Object> client)
            throws ExecutionException, InterruptedException {
        TopicPartition partition = new TopicPartition(of(port), 0);
        long end = TopicEnds.committed(admin, List.of(partition.topic())).getOrDefault(partition, 0L);
        return read(partition, end, port, client);
    }

    /**
     * The latest committed position of each file, and what each was found to be. An ingest calls this after it has taken over the transactional id: then no transaction of an
     * earlier ingest is open, and all that it has committed lies before the end that is written. Others wait here until a transaction has ended.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws LifecycleException when a position cannot be read
     */
    public static Ingested positions(Admin admin, PortAddress port, Map<String, Object> client)
            throws ExecutionException, InterruptedException {
        TopicPartition partition = new TopicPartition(of(port), 0);
        long end = TopicEnds.written(admin, List.of(partition.topic())).getOrDefault(partition, 0L);
        return read(partition, end, port, client);
    }

    private static Ingested read(TopicPartition partition, long end, PortAddress port, Map<String, Object> client)
            throws InterruptedException {
        Map<String, IngestPosition> positions = new LinkedHashMap<>();
        Map<String, SeenFile> seen = new LinkedHashMap<>();
        CommittedReaders.readTo(client, Map.of(partition, end), TO_READ, record -> take(port, record, positions, seen));
        return new Ingested(positions, seen);
    }

    private static void take(
            PortAddress port,
            ConsumerRecord<byte[], byte[]> record,
            Map<String, IngestPosition> positions,
            Map<String, SeenFile> seen) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        boolean isPosition = key.startsWith(KEY);
        if (!isPosition && !key.startsWith(SEEN)) {
            return;
        }
        String name = key.substring(isPosition ? KEY.length() : SEEN.length());
        // A map keeps the place of a key: written again, it is the newest.
        (isPosition ? positions : seen).remove(name);
        if (record.value() == null) {
            return;
        }
        try {
            JsonNode json = JSON.readTree(record.value());
            if (isPosition) {
                positions.put(name, position(json));
            } else {
                seen.put(name, new SeenFile(name, text(json, "stamp"), text(json, "digest")));
            }
        } catch (IOException | DateTimeException | IllegalArgumentException unreadable) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "topic " + of(port) + ": the position at offset " + record.offset() + " cannot be read ("
                            + unreadable.getClass().getSimpleName() + "), so that nobody knows what is ingested; if a"
                            + " later version of the library has written it, use that version",
                    unreadable);
        }
    }

    private static IngestPosition position(JsonNode json) {
        List<Long> partitions = new ArrayList<>();
        json.path("written").forEach(one -> partitions.add(one.asLong()));
        return new IngestPosition(
                text(json, "file"),
                text(json, "digest"),
                number(json, "rows"),
                number(json, "offset"),
                json.path("done").asBoolean(),
                handOver(json),
                text(json, "topicId"),
                new RowCounts(partitions, number(json, "refused"), number(json, "live"), number(json, "newest")));
    }

    private static @Nullable Instant handOver(JsonNode json) {
        JsonNode found = json.path("handOver");
        return found.isTextual() ? Instant.parse(found.asText()) : null;
    }

    private static String text(JsonNode json, String field) {
        JsonNode found = json.path(field);
        if (!found.isTextual()) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return found.asText();
    }

    private static long number(JsonNode json, String field) {
        JsonNode found = json.path(field);
        if (!found.isIntegralNumber()) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return found.asLong();
    }
}
