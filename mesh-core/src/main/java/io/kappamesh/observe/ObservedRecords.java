package io.kappamesh.observe;

import io.kappamesh.Internal;
import io.kappamesh.generation.Generation;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.intake.Reason;
import io.kappamesh.rule.BrokenRule;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Makes an observation of each record that a product reads: from its intake until everything in the same part of the topology that follows
 * from it is done. A handler that traces makes a span of it, which goes on from the record's {@code traceparent}. What is in a record of a
 * user's never is part of it. Thread-safe.
 */
@Internal
public final class ObservedRecords implements ProductObserver {
    /** The name of the observations. */
    public static final String NAME = "mesh.record";

    private final ProductObserver counts;
    private final ObservationRegistry observations;
    private final KeyValues tags;

    private ObservedRecords(ProductObserver counts, ObservationRegistry observations, Generation generation) {
        this.counts = counts;
        this.observations = observations;
        this.tags = KeyValues.of("product", generation.product().toString(), "generation", "g" + generation.number());
    }

    /** What counts records, and observes them if there is anybody who wants it. */
    public static ProductObserver of(ProductObserver counts, ObservationRegistry observations, Generation generation) {
        return observations.isNoop() ? counts : new ObservedRecords(counts, observations, generation);
    }

    @Override
    public void process(String topic, int partition, long offset, Headers headers, Runnable processing) {
        ReceiverContext<Headers> context = new ReceiverContext<>(ObservedRecords::last, Kind.CONSUMER);
        context.setCarrier(headers);
        context.setRemoteServiceName("kafka");
        Observation.createNotStarted(NAME, () -> context, observations)
                .contextualName(topic + " process")
                .lowCardinalityKeyValues(tags.and("topic", topic))
                .highCardinalityKeyValues(
                        KeyValues.of("partition", Integer.toString(partition), "offset", Long.toString(offset)))
                .observe(processing);
    }

    private static String last(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void recordIn(String topic, int partition, long offset, long eventTimeMillis) {
        counts.recordIn(topic, partition, offset, eventTimeMillis);
    }

    @Override
    public void recordOut(String topic, long eventTimeMillis) {
        counts.recordOut(topic, eventTimeMillis);
    }

    @Override
    public void unmet(List<BrokenRule> rules) {
        counts.unmet(rules);
    }

    @Override
    public void broken(String topic, List<String> rules) {
        counts.broken(topic, rules);
    }

    @Override
    public void deadLetter(String topic, int partition, long offset, Reason reason) {
        counts.deadLetter(topic, partition, offset, reason);
    }

    @Override
    public void ignored(String topic, int partition, long offset) {
        counts.ignored(topic, partition, offset);
    }
}
