package org.example.shop;

import static org.example.shop.Shop.SALES;
import static org.example.shop.Shop.publish;

import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.topology.Ports;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The last sale of each product, as of the end of an hour. */
final class Punctuations {
    private static final Duration HOUR = Duration.ofHours(1);

    private Punctuations() {}

    static void byStreamTime(Ports ports) {
        report(ports, HourlyByStreamTime::new);
    }

    static void byWallClock(Ports ports) {
        report(ports, EverySecond::new);
    }

    static void withEachRecord(Ports ports) {
        // tag::punctuation-right[]
        KStream<String, String> lastSales = ports.read(SALES).stream()
                .map(
                        (product, sale) ->
                                KeyValue.pair(product + " " + sale.getAt().truncatedTo(ChronoUnit.HOURS), sale.getId()),
                        Named.as("by-hour"));
        // end::punctuation-right[]
        publish(ports, lastSales);
    }

    // tag::stream-time-punctuation-broken[]
    private static final class HourlyByStreamTime extends Report {
        @Override
        public void init(ProcessorContext<String, String> context) {
            super.init(context);
            context.schedule(HOUR, PunctuationType.STREAM_TIME, this::report);
        }
    }
    // end::stream-time-punctuation-broken[]

    // tag::wall-clock-punctuation-broken[]
    private static final class EverySecond extends Report {
        @Override
        public void init(ProcessorContext<String, String> context) {
            super.init(context);
            context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, this::report);
        }
    }
    // end::wall-clock-punctuation-broken[]

    private abstract static class Report extends ContextualProcessor<String, Sale, String, String> {
        private KeyValueStore<String, String> last;

        @Override
        public void init(ProcessorContext<String, String> context) {
            super.init(context);
            last = context.getStateStore("last");
        }

        // tag::stream-time-punctuation-broken[]

        @Override
        public void process(Record<String, Sale> record) {
            last.put(record.key(), record.value().getId());
        }

        void report(long time) {
            try (KeyValueIterator<String, String> all = last.all()) {
                all.forEachRemaining(row ->
                        context().forward(new Record<>(row.key + " " + Instant.ofEpochMilli(time), row.value, time)));
            }
        }
        // end::stream-time-punctuation-broken[]
    }

    private static void report(Ports ports, ProcessorSupplier<String, Sale, String, String> report) {
        publish(
                ports,
                ports.read(SALES).stream()
                        .process(
                                new ProcessorSupplier<String, Sale, String, String>() {
                                    @Override
                                    public Processor<String, Sale, String, String> get() {
                                        return report.get();
                                    }

                                    @Override
                                    public Set<StoreBuilder<?>> stores() {
                                        return Set.of(Stores.keyValueStoreBuilder(
                                                Stores.inMemoryKeyValueStore("last"),
                                                Serdes.String(),
                                                Serdes.String()));
                                    }
                                },
                                Named.as("report")));
    }
}
