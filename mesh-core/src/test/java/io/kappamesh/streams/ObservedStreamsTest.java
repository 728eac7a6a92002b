package io.kappamesh.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.streams.state.internals.metrics.StateStoreMetrics;
import org.junit.jupiter.api.Test;

class ObservedStreamsTest {
    /** With Kafka Streams' own name of the gauge: a version that names it otherwise fails here. */
    @Test
    void gaugeThatReadsFreedMemoryIsLeftOut() {
        try (Metrics all = new Metrics()) {
            StreamsMetricsImpl streams = new StreamsMetricsImpl(all, "process", Time.SYSTEM);
            Gauge<Long> gauge = (config, now) -> 7L;
            StateStoreMetrics.addUncommittedBytesGauge("0_0", "rocksdb", "orders", streams, gauge);
            MetricName kept = all.metricName("put-rate", "stream-state-metrics");
            all.addMetric(kept, (config, now) -> 1.0);

            Map<MetricName, Metric> safe = ObservedStreams.safe(all.metrics());

            assertThat(all.metrics().keySet()).anyMatch(name -> name.name().contains("uncommitted"));
            assertThat(safe.keySet())
                    .contains(kept)
                    .noneMatch(name -> name.name().contains("uncommitted"));
        }
    }
}
