package io.kappamesh.intake;

import io.kappamesh.Internal;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Event time of what comes in. A refused record does not move time: it takes the highest event time seen in its partition. Here
 * the key is at hand for the first time, so that it is judged here. Stateless and thread-safe.
 */
@Internal
public final class EventTimeExtractor implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        IncomingRecord<?> incoming = (IncomingRecord<?>) record.value();
        Optional<String> objection = RecordKeys.objection((String) record.key(), record.serializedKeySize());
        incoming.cameWith(record.timestamp(), objection.isEmpty());
        if (incoming.rejection() == null) {
            objection.ifPresent(why -> incoming.refuse(new Rejection(Reason.KEY, "the key " + why)));
        }
        long eventTime = incoming.rejection() == null ? incoming.eventTime() : partitionTime;
        return Math.max(0, eventTime);
    }
}
