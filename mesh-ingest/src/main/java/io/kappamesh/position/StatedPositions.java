package io.kappamesh.position;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads what the topic of positions says, record by record. For one thread. */
final class StatedPositions {
    private final String topic;
    private final Map<String, IngestPosition> bases = new HashMap<>();
    private final Map<String, SortedMap<Integer, Stated>> parts = new HashMap<>();
    private final Map<String, SeenFile> seen = new LinkedHashMap<>();

    /** Digests, the one that was written last at the end. */
    private final Set<String> order = new LinkedHashSet<>();

    private int writers = 1;

    StatedPositions(String topic) {
        this.topic = topic;
    }

    /** What one writer has stated. */
    private record Stated(int writers, long from, IngestPosition file, WriterPart part) {}

    /** @throws LifecycleException when writers of a file contradict each other */
    Ingested ingested() {
        Map<String, IngestPosition> positions = new LinkedHashMap<>();
        Map<String, SplitPosition> splits = new HashMap<>();
        for (String digest : order) {
            SortedMap<Integer, Stated> stated = parts.getOrDefault(digest, Collections.emptySortedMap());
            @Nullable IngestPosition base = bases.get(digest);
            if (stated.isEmpty()) {
                if (base != null) {
                    positions.put(digest, base);
                }
                continue;
            }
            SplitPosition split = split(base, stated);
            splits.put(digest, split);
            positions.put(digest, split.total());
        }
        return new Ingested(positions, seen, splits, writers);
    }

    /** A writer that has stated nothing is where all of them began. */
    private SplitPosition split(@Nullable IngestPosition base, SortedMap<Integer, Stated> stated) {
        Stated any = stated.values().iterator().next();
        IngestPosition begun = base == null ? any.file() : base;
        List<WriterPart> all =
                new ArrayList<>(SplitPosition.of(begun, any.writers()).parts());
        stated.forEach((writer, one) -> {
            if (one.writers() != any.writers() || one.from() != begun.rows()) {
                throw new LifecycleException(
                        ExitCode.CONTRACT,
                        unreadable("the positions of the writers of file " + begun.file() + " contradict each other"));
            }
            all.set(writer, one.part());
        });
        return new SplitPosition(begun, all);
    }

    /** @throws LifecycleException when it cannot be read */
    void take(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        try {
            @Nullable JsonNode json = record.value() == null ? null : IngestTopic.JSON.readTree(record.value());
            if (key.equals(IngestTopic.WRITERS)) {
                writers = json == null ? 1 : (int) number(json, "writers");
            } else if (key.startsWith(IngestTopic.KEY)) {
                take(key.substring(IngestTopic.KEY.length()), json == null ? null : position(json));
            } else if (key.startsWith(IngestTopic.PART)) {
                takePart(key.substring(IngestTopic.PART.length()), json);
            } else if (key.startsWith(IngestTopic.SEEN)) {
                String path = key.substring(IngestTopic.SEEN.length());
                // A map keeps the place of a key: written again, it is the newest.
                seen.remove(path);
                if (json != null) {
                    seen.put(path, new SeenFile(path, text(json, "stamp"), text(json, "digest")));
                }
            }
        } catch (IOException | DateTimeException | IllegalArgumentException unreadable) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    unreadable("the position at offset " + record.offset() + " cannot be read ("
                            + unreadable.getClass().getSimpleName() + ")"),
                    unreadable);
        }
    }

    private String unreadable(String what) {
        return "topic " + topic + ": " + what + ", so that nobody knows what is ingested; if a"
                + " later version of the library has written it, use that version";
    }

    private void take(String digest, @Nullable IngestPosition position) {
        order.remove(digest);
        order.add(digest);
        if (position == null) {
            bases.remove(digest);
        } else {
            bases.put(digest, position);
        }
    }

    private void takePart(String name, @Nullable JsonNode json) {
        int slash = name.indexOf('/');
        String digest = name.substring(0, Math.max(0, slash));
        int writer = Integer.parseInt(name.substring(slash + 1));
        SortedMap<Integer, Stated> stated = parts.computeIfAbsent(digest, one -> new TreeMap<>());
        order.remove(digest);
        order.add(digest);
        if (json == null) {
            stated.remove(writer);
            return;
        }
        IngestPosition file = position(json);
        int writers = (int) number(json, "writers");
        if (writer < 0 || writer >= writers) {
            throw new IllegalArgumentException("writer " + writer + " of " + writers);
        }
        WriterPart part = new WriterPart(file.position(), file.done(), file.counts(), number(json, "taken"));
        int partitions = file.counts().partitions().size();
        stated.put(
                writer,
                new Stated(
                        writers,
                        number(json, "from"),
                        file.at(RowPosition.BEGINNING, false, RowCounts.none(partitions)),
                        part));
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
