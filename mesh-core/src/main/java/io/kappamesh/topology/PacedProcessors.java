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
 * Tells a {@link CommitPacing} what every processor of a topology does, those that Kafka Streams adds between two repartitions included: a
 * task can be asked for a commit only by a processor of its own. Kafka Streams makes it itself, hence the public constructor and the way
 * over the configuration (KIP-1112).
 */
@Internal
public final class PacedProcessors implements ProcessorWrapper {
    private static final String PACING = "io.kappamesh.topology.pacing";

    private CommitPacing pacing = CommitPacing.NONE;

    /** The configuration with the pacing in it; as it is where commits are left to Kafka Streams. */
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

    /** The part that both kinds of processors share, once {@link #begun} was called. Confined to the task's thread. */
    private static final class Turn {
        private final CommitPacing pacing;
        private CommitPacing.@Nullable Pace pace;
        private @Nullable TaskId task;

        Turn(CommitPacing pacing) {
            this.pacing = pacing;
        }

        void begun(ProcessingContext context) {
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
        private final Turn turn;
        private final Processor<KIn, VIn, KOut, VOut> processor;

        Paced(CommitPacing pacing, Processor<KIn, VIn, KOut, VOut> processor) {
            this.turn = new Turn(pacing);
            this.processor = processor;
        }

        @Override
        public void init(ProcessorContext<KOut, VOut> context) {
            turn.begun(context);
            processor.init(context);
        }

        @Override
        public void process(Record<KIn, VIn> record) {
            processor.process(record);
            turn.worked();
        }

        @Override
        public void close() {
            turn.closed();
            processor.close();
        }
    }

    private static final class PacedFixedKey<KIn, VIn, VOut> implements FixedKeyProcessor<KIn, VIn, VOut> {
        private final Turn turn;
        private final FixedKeyProcessor<KIn, VIn, VOut> processor;

        PacedFixedKey(CommitPacing pacing, FixedKeyProcessor<KIn, VIn, VOut> processor) {
            this.turn = new Turn(pacing);
            this.processor = processor;
        }

        @Override
        public void init(FixedKeyProcessorContext<KIn, VOut> context) {
            turn.begun(context);
            processor.init(context);
        }

        @Override
        public void process(FixedKeyRecord<KIn, VIn> record) {
            processor.process(record);
            turn.worked();
        }

        @Override
        public void close() {
            turn.closed();
            processor.close();
        }
    }
}
