package io.kappamesh.capture;

import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.TopicEnds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;

/** The keys that a topic has a row of. They take about 150 bytes of memory each, and their length. Stateless. */
final class LiveKeys {
    private static final Duration TO_READ = Duration.ofMinutes(1);

    private LiveKeys() {}

    /** Reads the topic to its end; nobody else may write to it meanwhile. */
    static Set<Bytes> of(Admin admin, String topic, Map<String, Object> client)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = TopicEnds.written(admin, List.of(topic));
        Set<Bytes> keys = new HashSet<>();
        if (ends.values().stream().allMatch(end -> end == 0)) {
            return keys;
        }
        CommittedReaders.readTo(client, ends, TO_READ, record -> {
            if (record.key() != null) {
                Bytes key = Bytes.wrap(record.key());
                if (record.value() == null) {
                    keys.remove(key);
                } else {
                    keys.add(key);
                }
            }
        });
        return keys;
    }
}
