package io.kappamesh.testkit.simulation;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Where one life of a task stands in its sources. Like a real consumer it knows how far behind it is only from its last fetch, and it
 * fetches nothing for a partition of which the task has enough.
 */
final class LogConsumer extends MockConsumer<byte[], byte[]> {
    private final Logs logs;
    private final Map<TopicPartition, OffsetAndMetadata> committed;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, Long> endWhenFetched = new HashMap<>();
    private final Set<TopicPartition> full = new HashSet<>();

    LogConsumer(Logs logs, Map<TopicPartition, OffsetAndMetadata> committed) {
        super("earliest");
        this.logs = logs;
        this.committed = committed;
    }

    List<ConsumerRecord<byte[], byte[]>> fetch(TopicPartition source, int max) {
        List<ConsumerRecord<byte[], byte[]>> records =
                full.contains(source) ? List.of() : logs.read(source, position(source), max);
        if (!full.contains(source)) {
            next.put(source, logs.next(source, records, max));
        }
        endWhenFetched.put(source, logs.end(source));
        return records;
    }

    @Override
    public synchronized OptionalLong currentLag(TopicPartition source) {
        Long end = endWhenFetched.get(source);
        return end == null ? OptionalLong.empty() : OptionalLong.of(end - position(source));
    }

    @Override
    public synchronized long position(TopicPartition source) {
        Long known = next.get(source);
        if (known != null) {
            return known;
        }
        OffsetAndMetadata stored = committed.get(source);
        return stored == null ? 0 : stored.offset();
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> sources) {
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        sources.stream().filter(committed::containsKey).forEach(source -> found.put(source, committed.get(source)));
        return found;
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> sources, Duration timeout) {
        return committed(sources);
    }

    @Override
    public synchronized void pause(Collection<TopicPartition> sources) {
        full.addAll(sources);
    }

    @Override
    public synchronized void resume(Collection<TopicPartition> sources) {
        full.removeAll(sources);
    }
}
