package io.kappamesh.store;

import java.io.File;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.CommitCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.internals.StateRestoreCallbackAdapter;

/** The context of a store that tells of each key that is restored, before it is. A store registers its restoration itself, past those around it. */
record ObservedRestoration(StateStoreContext context, Consumer<byte[]> observer) implements StateStoreContext {

    @Override
    public void register(StateStore store, StateRestoreCallback restoration) {
        context.register(store, observed(restoration));
    }

    @Override
    public void register(StateStore store, StateRestoreCallback restoration, CommitCallback commit) {
        context.register(store, observed(restoration), commit);
    }

    private RecordBatchingStateRestoreCallback observed(StateRestoreCallback restoration) {
        RecordBatchingStateRestoreCallback inside = StateRestoreCallbackAdapter.adapt(restoration);
        return records -> {
            records.forEach(record -> observer.accept(record.key()));
            inside.restoreBatch(records);
        };
    }

    @Override
    public String applicationId() {
        return context.applicationId();
    }

    @Override
    public TaskId taskId() {
        return context.taskId();
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
        return context.recordMetadata();
    }

    @Override
    public Serde<?> keySerde() {
        return context.keySerde();
    }

    @Override
    public Serde<?> valueSerde() {
        return context.valueSerde();
    }

    @Override
    public File stateDir() {
        return context.stateDir();
    }

    @Override
    public StreamsMetrics metrics() {
        return context.metrics();
    }

    @Override
    public Map<String, Object> appConfigs() {
        return context.appConfigs();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
        return context.appConfigsWithPrefix(prefix);
    }
}
