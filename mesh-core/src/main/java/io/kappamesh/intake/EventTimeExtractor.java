package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.KeyRule;
import io.kappamesh.format.WriterSchemas;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Gives a valid record its event time. A rejected record does not advance time: it gets the highest event time seen in its partition.
 * Also checks the key, by itself and by the port's key rule, because this is the first step that sees it. Immutable and thread-safe.
 */
@Internal
public final class EventTimeExtractor implements TimestampExtractor {
    private final String declaredKey;
    private final SourceKeys keys;
    private final Optional<Duration> furthestAhead;

    public EventTimeExtractor(InputPort<?> port, WriterSchemas writers) {
        keys = new SourceKeys(port, writers);
        furthestAhead = port.furthestAhead();
        declaredKey = port.key().map(KeyRule::description).orElse("");
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        IncomingRecord<?> incoming = (IncomingRecord<?>) record.value();
        incoming.cameAt(record.timestamp());
        Optional<String> objection = keys.read((String) record.key(), record.serializedKeySize(), incoming);
        if (incoming.isIgnored()) {
            return Math.max(0, partitionTime);
        }
        if (incoming.rejection() == null) {
            objection
                    .or(() -> declaredKey.isEmpty() || incoming.hasItsKey()
                            ? Optional.empty()
                            : Optional.of("is not " + declaredKey + ", which the port declares as its key"))
                    .ifPresent(why -> incoming.refuse(new Rejection(Reason.KEY, "the key " + why)));
        }
        if (incoming.rejection() == null && incoming.value() != null) {
            objectionToTime(incoming.eventTime(), record.timestamp())
                    .ifPresent(why -> incoming.refuse(new Rejection(Reason.EVENT_TIME, why)));
        }
        long eventTime = incoming.rejection() == null ? incoming.eventTime() : partitionTime;
        return Math.max(0, eventTime);
    }

    private Optional<String> objectionToTime(long eventTime, long timestamp) {
        if (eventTime < 0) {
            return Optional.of("the record has no timestamp to be its event time");
        }
        return furthestAhead
                .filter(ahead -> eventTime - Math.max(0, timestamp) > ahead.toMillis())
                .map(ahead -> "the event time lies further ahead of the record's timestamp than " + ahead);
    }
}
