package io.kappamesh.topology;

import io.kappamesh.Internal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Reports to a {@link CommitPacing} what every processor of a topology does, including those that Kafka Streams adds itself: only a task's own
 * processor can request a commit of the task. Kafka Streams creates this wrapper, so it has a public constructor and gets the pacing from the
 * configuration (KIP-1112).
 */
@Internal
public final class PacedProcessors implements ProcessorWrapper {
    private static final String PACING = "io.kappamesh.topology.pacing";

    private CommitPacing pacing = CommitPacing.NONE;

    /** The configuration with the pacing; unchanged if Kafka Streams decides about commits itself. */
    static Map<String, Object> configured(Map<String, ?> config, CommitPacing pacing) {
        Map<String, Object> paced = new HashMap<>(config);
        if (pacing != CommitPacing.NONE) {
            paced.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, PacedProcessors.class);
            paced.put(PACING, pacing);
        }
        return paced;
    }

    @Override
    public void configure(Map<String, ?> configs) {
        if (configs.get(PACING) instanceof CommitPacing given) {
            pacing = given;
        }
    }

    @Override
    public <KIn, VIn, KOut, VOut> WrappedProcessorSupplier<KIn, VIn, KOut, VOut> wrapProcessorSupplier(
            String name, ProcessorSupplier<KIn, VIn, KOut, VOut> supplier) {
        return new WrappedProcessorSupplier<>() {
            @Override
            public Processor<KIn, VIn, KOut, VOut> get() {
                return new Paced<>(pacing, supplier.get());
            }

            @Override
            public @Nullable Set<StoreBuilder<?>> stores() {
                return supplier.stores();
            }
        };
    }

    @Override
    public <KIn, VIn, VOut> WrappedFixedKeyProcessorSupplier<KIn, VIn, VOut> wrapFixedKeyProcessorSupplier(
            String name, FixedKeyProcessorSupplier<KIn, VIn, VOut> supplier) {
        return new WrappedFixedKeyProcessorSupplier<>() {
            @Override
            public FixedKeyProcessor<KIn, VIn, VOut> get() {
                return new PacedFixedKey<>(pacing, supplier.get());
            }

            @Override
            public @Nullable Set<StoreBuilder<?>> stores() {
                return supplier.stores();
            }
        };
    }

    /** What both kinds of processors report. Confined to the task's thread. */
    private static final class Reporter {
        private final CommitPacing pacing;
        private CommitPacing.@Nullable Pace pace;
        private @Nullable TaskId task;

        Reporter(CommitPacing pacing) {
            this.pacing = pacing;
        }

        void opened(ProcessingContext context) {
            pace = pacing.opened(context);
            task = context.taskId();
        }

        void worked() {
            if (pace != null) {
                pace.worked();
            }
        }

        void closed() {
            if (pace != null && task != null) {
                pace.closed(task);
            }
        }
    }

    private static final class Paced<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {
        private final Reporter reporter;
        private final Processor<KIn, VIn, KOut, VOut> processor;

        Paced(CommitPacing pacing, Processor<KIn, VIn, KOut, VOut> processor) {
            this.reporter = new Reporter(pacing);
            this.processor = processor;
        }

        @Override
        public void init(ProcessorContext<KOut, VOut> context) {
            reporter.opened(context);
            processor.init(context);
        }

        @Override
        public void process(Record<KIn, VIn> record) {
            processor.process(record);
            reporter.worked();
        }

        @Override
        public void close() {
            reporter.closed();
            processor.close();
        }
    }

    private static final class PacedFixedKey<KIn, VIn, VOut> implements FixedKeyProcessor<KIn, VIn, VOut> {
        private final Reporter reporter;
        private final FixedKeyProcessor<KIn, VIn, VOut> processor;

        PacedFixedKey(CommitPacing pacing, FixedKeyProcessor<KIn, VIn, VOut> processor) {
            this.reporter = new Reporter(pacing);
            this.processor = processor;
        }

        @Override
        public void init(FixedKeyProcessorContext<KIn, VOut> context) {
            reporter.opened(context);
            processor.init(context);
        }

        @Override
        public void process(FixedKeyRecord<KIn, VIn> record) {
            processor.process(record);
            reporter.worked();
        }

        @Override
        public void close() {
            reporter.closed();
            processor.close();
        }
    }
}
