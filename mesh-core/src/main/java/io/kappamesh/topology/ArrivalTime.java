package io.kappamesh.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Event time of what comes in. A refused record does not move time: it takes the highest event time seen in its partition. Here
 * the key is at hand for the first time, so that it is judged here. Stateless and thread-safe.
 */
final class ArrivalTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        Arrival<?> arrival = (Arrival<?>) record.value();
        arrival.cameWith(record.timestamp(), RecordKeys.isReadable((String) record.key(), record.serializedKeySize()));
        if (arrival.refusal() == null && !arrival.hasReadableKey()) {
            arrival.refuse(new Refusal(
                    Reason.KEY,
                    record.key() == null
                            ? "the key is missing"
                            : "the key is not UTF-8 or has more than " + RecordKeys.MAX_BYTES + " bytes"));
        }
        long eventTime = arrival.refusal() == null ? arrival.eventTime() : partitionTime;
        return Math.max(0, eventTime);
    }
}
