package io.kappamesh.intake;

import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers by which a trace goes on from the record that is read to those that are published (W3C Trace Context, and Baggage). Everything else
 * is between a source and its readers. Stateless.
 */
final class TraceHeaders {
    /** In bytes: what the recommendations ask everybody to pass on, and for {@code traceparent} room for later versions. */
    private static final Map<String, Integer> LARGEST =
            Map.of("traceparent", 256, "tracestate", 512, "baggage", 8 * 1024);

    private TraceHeaders() {}

    /** The last header of each name that is not larger than it may be, in their order. */
    static Headers of(Headers original) {
        RecordHeaders kept = new RecordHeaders();
        for (Header header : original) {
            int largest = LARGEST.getOrDefault(header.key(), -1);
            if (largest >= 0) {
                kept.remove(header.key());
                if (header.value() != null && header.value().length <= largest) {
                    kept.add(header.key(), header.value());
                }
            }
        }
        return kept;
    }
}
