package io.kappamesh.testkit.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** Topics in memory: what is committed, and nothing else. A topic is there as soon as somebody asks for it. */
final class Logs {
    private final int defaultPartitions;
    private final Time time;
    private final Map<String, Integer> partitions = new HashMap<>();
    /** By offset; null where compaction has taken a record away. */
    private final Map<TopicPartition, List<@Nullable ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();

    Logs(int defaultPartitions, Time time) {
        this.defaultPartitions = defaultPartitions;
        this.time = time;
    }

    void create(String topic, int count) {
        partitions.put(topic, count);
    }

    int partitions(String topic) {
        return partitions.getOrDefault(topic, defaultPartitions);
    }

    /**
     * Appends where Kafka's default partitioner would, unless the record says where. A record without a key goes to the first, one
     * without a timestamp, as Streams writes them into the changelogs of its buffers, is stamped by the wall clock.
     */
    TopicPartition append(ProducerRecord<byte[], byte[]> record) {
        String topic = record.topic();
        TopicPartition place = new TopicPartition(topic, partition(record));
        List<@Nullable ConsumerRecord<byte[], byte[]>> log = records.computeIfAbsent(place, first -> new ArrayList<>());
        Long stamped = record.timestamp();
        log.add(consumed(
                place,
                log.size(),
                stamped == null ? time.milliseconds() : stamped,
                record.key(),
                record.value(),
                record.headers().toArray()));
        return place;
    }

    long end(TopicPartition place) {
        return log(place).size();
    }

    /** Up to so many records from an offset on. Their headers may be changed by whoever reads them. */
    List<ConsumerRecord<byte[], byte[]>> read(TopicPartition place, long from, int max) {
        List<@Nullable ConsumerRecord<byte[], byte[]>> log = log(place);
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : log.subList((int) Math.min(from, log.size()), log.size())) {
            if (read.size() == max) {
                break;
            }
            if (record != null) {
                read.add(consumed(
                        place,
                        record.offset(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers().toArray()));
            }
        }
        return read;
    }

    /** Where to read on after these records, of which there were to be so many at most: where fewer came, nothing is left. */
    long next(TopicPartition place, List<ConsumerRecord<byte[], byte[]>> read, int max) {
        return read.size() < max ? end(place) : read.get(read.size() - 1).offset() + 1;
    }

    /**
     * Takes away what a later record of its key has replaced, and deletions as well if that is asked for. Offsets stay.
     *
     * @return the offsets of what is gone
     */
    List<Long> compact(TopicPartition place, boolean deletionsToo) {
        List<@Nullable ConsumerRecord<byte[], byte[]>> log = log(place);
        Set<Bytes> later = new HashSet<>();
        List<Long> gone = new ArrayList<>();
        for (int offset = log.size() - 1; offset >= 0; offset--) {
            ConsumerRecord<byte[], byte[]> record = log.get(offset);
            if (record == null || record.key() == null) {
                continue;
            }
            boolean replaced = !later.add(Bytes.wrap(record.key()));
            if (replaced || (deletionsToo && record.value() == null)) {
                log.set(offset, null);
                gone.add(0, (long) offset);
            }
        }
        return gone;
    }

    List<ConsumerRecord<byte[], byte[]>> all(String topic) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (int partition = 0; partition < partitions(topic); partition++) {
            all.addAll(read(new TopicPartition(topic, partition), 0, Integer.MAX_VALUE));
        }
        return all;
    }

    private List<@Nullable ConsumerRecord<byte[], byte[]>> log(TopicPartition place) {
        return records.getOrDefault(place, List.of());
    }

    private int partition(ProducerRecord<byte[], byte[]> record) {
        if (record.partition() != null) {
            return record.partition();
        }
        byte[] key = record.key();
        return key == null ? 0 : BuiltInPartitioner.partitionForKey(key, partitions(record.topic()));
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            TopicPartition place, long offset, long timestamp, byte[] key, byte[] value, Header[] headers) {
        return new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                key,
                value,
                new RecordHeaders(headers),
                Optional.empty());
    }
}
