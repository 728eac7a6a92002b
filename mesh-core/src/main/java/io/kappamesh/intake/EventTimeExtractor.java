package io.kappamesh.intake;

import io.kappamesh.Internal;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Gives a valid record its event time. A rejected record does not advance time: it gets the highest event time seen in its partition.
 * Also checks the key, because this is the first step that sees it. Stateless and thread-safe.
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
