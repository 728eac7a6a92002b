package io.kappamesh.position;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.failure.LifecycleException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The positions of one port: {@code sales.order-events.v1.mesh.ingest}, compacted, one partition; keys are {@code file/<digest>} for positions, {@code part/<digest>/<writer>} for
 * what one of several writers has done since, and {@code seen/<path>} for what files were found to be, values JSON. {@code file/writers} says how many writers there are: builds that know one only take it for a
 * position that cannot be read, and refuse, instead of ingesting rows again that they do not know of. Each port has its own topic, so that an open transaction of one ingest does not hide the positions of another.
 */
public final class IngestTopic {
    private static final String SUFFIX = ".mesh.ingest";
    static final String KEY = "file/";
    static final String SEEN = "seen/";
    static final String PART = "part/";
    static final String WRITERS = KEY + "writers";
    private static final Duration TO_READ = Duration.ofMinutes(1);
    static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private IngestTopic() {}

    /** The name of the topic; also the transactional id of whoever ingests into the port, or of the first of several writers. */
    public static String of(PortAddress port) {
        return port + SUFFIX;
    }

    /** The transactional id of one of several writers, counted from 0. */
    public static String id(PortAddress port, int writer) {
        return writer == 0 ? of(port) : of(port) + "." + writer;
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
        put(json, position.position(), position.done());
        json.put(
                "handOver",
                position.handOver() == null ? null : position.handOver().toString());
        json.put("topicId", position.topicId());
        put(json, position.counts());
        return record(port, KEY + position.digest(), json);
    }

    /** The record that states how far a writer is; of the only one it is the position of the file. */
    public static ProducerRecord<byte[], byte[]> record(
            PortAddress port, IngestPosition base, int writer, int writers, WriterPart part) {
        if (writers == 1) {
            return record(port, base.plus(part));
        }
        ObjectNode json = JSON.createObjectNode();
        json.put("file", base.file());
        json.put("digest", base.digest());
        json.put("writer", writer);
        json.put("writers", writers);
        json.put("from", base.rows());
        put(json, part.place(), part.done());
        json.put("handOver", base.handOver() == null ? null : base.handOver().toString());
        json.put("topicId", base.topicId());
        put(json, part.counts());
        json.put("taken", part.taken());
        return record(port, part(base.digest(), writer), json);
    }

    private static void put(ObjectNode json, RowPosition place, boolean done) {
        json.put("rows", place.rows());
        json.put("offset", place.offset());
        json.put("done", done);
    }

    private static void put(ObjectNode json, RowCounts counts) {
        ArrayNode partitions = json.putArray("written");
        counts.partitions().forEach(partitions::add);
        json.put("refused", counts.refused());
        json.put("live", counts.live());
        json.put("newest", counts.newest());
    }

    /** The records that make one position of those of several writers, which are at one row. They belong into one transaction. */
    public static List<ProducerRecord<byte[], byte[]>> joined(PortAddress port, SplitPosition level) {
        if (!level.isLevel()) {
            throw new IllegalArgumentException("its writers are at different rows: " + level);
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(record(port, level.total()));
        for (int writer = 0; writer < level.writers(); writer++) {
            records.add(new ProducerRecord<>(
                    of(port), 0, part(level.base().digest(), writer).getBytes(StandardCharsets.UTF_8), null));
        }
        return records;
    }

    private static String part(String digest, int writer) {
        return PART + digest + "/" + writer;
    }

    /** The record that states how many writers a port has. */
    public static ProducerRecord<byte[], byte[]> writers(PortAddress port, int writers) {
        ObjectNode json = JSON.createObjectNode();
        json.put("writers", writers);
        return record(port, WRITERS, json);
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
        StatedPositions stated = new StatedPositions(of(port));
        CommittedReaders.readTo(client, Map.of(partition, end), TO_READ, stated::take);
        return stated.ingested();
    }
}
