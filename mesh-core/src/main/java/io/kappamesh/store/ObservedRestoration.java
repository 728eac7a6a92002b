package io.kappamesh.store;

import java.util.function.Consumer;
import org.apache.kafka.streams.processor.CommitCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.internals.StateRestoreCallbackAdapter;

/** The context of a store that tells of each key that is restored, before it is. A store registers its restoration itself, past those around it. */
final class ObservedRestoration extends WrappedContext {
    private final Consumer<byte[]> observer;

    ObservedRestoration(StateStoreContext context, Consumer<byte[]> observer) {
        super(context);
        this.observer = observer;
    }

    @Override
    public void register(StateStore store, StateRestoreCallback restoration) {
        super.register(store, observed(restoration));
    }

    @Override
    public void register(StateStore store, StateRestoreCallback restoration, CommitCallback commit) {
        super.register(store, observed(restoration), commit);
    }

    private RecordBatchingStateRestoreCallback observed(StateRestoreCallback restoration) {
        RecordBatchingStateRestoreCallback inside = StateRestoreCallbackAdapter.adapt(restoration);
        return records -> {
            records.forEach(record -> observer.accept(record.key()));
            inside.restoreBatch(records);
        };
    }
}
