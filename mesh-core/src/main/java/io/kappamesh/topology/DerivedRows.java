package io.kappamesh.topology;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.StateSerde;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Old minus new: keeps the rows last derived from each parent, serialized, and forwards only what differs. Kafka Streams has no
 * operator for this, because a stream of a table's changes carries the new value alone.
 */
final class DerivedRows<A, V> extends ContextualProcessor<String, A, String, V> {
    private static final Schema ROW = SchemaBuilder.record("DerivedRow")
            .namespace("io.kappamesh.topology")
            .fields()
            .requiredString("key")
            .requiredBytes("value")
            .endRecord();
    private static final Schema ROWS = SchemaBuilder.record("DerivedRows")
            .namespace("io.kappamesh.topology")
            .fields()
            .name("rows")
            .type(Schema.createArray(ROW))
            .noDefault()
            .endRecord();

    private final String storeName;
    private final Serde<V> serde;
    private final Function<? super A, Map<String, V>> rows;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private KeyValueStore<String, GenericRecord> store;

    private DerivedRows(String storeName, Serde<V> serde, Function<? super A, Map<String, V>> rows) {
        this.storeName = storeName;
        this.serde = serde;
        this.rows = rows;
    }

    static <A, V> ProcessorSupplier<String, A, String, V> supplier(
            String storeName, Serde<V> serde, Function<? super A, Map<String, V>> rows) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, A, String, V> get() {
                return new DerivedRows<>(storeName, serde, rows);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(storeName),
                        Serdes.String(),
                        new StateSerde<>(AvroType.generic(ROWS))));
            }
        };
    }

    @Override
    public void init(ProcessorContext<String, V> context) {
        super.init(context);
        store = context.getStateStore(storeName);
    }

    @Override
    public void process(Record<String, A> change) {
        Map<String, ByteBuffer> before = unpack(store.get(change.key()));
        Map<String, V> after = change.value() == null ? Map.of() : rows.apply(change.value());
        Map<String, ByteBuffer> kept = new LinkedHashMap<>();
        Map<String, V> changed = new LinkedHashMap<>();
        after.forEach((key, row) -> {
            ByteBuffer bytes = ByteBuffer.wrap(serde.serializer().serialize(storeName, row));
            kept.put(key, bytes);
            if (!bytes.equals(before.remove(key))) {
                changed.put(key, row);
            }
        });
        if (changed.isEmpty() && before.isEmpty()) {
            return;
        }
        store.put(change.key(), kept.isEmpty() ? null : pack(kept));
        before.keySet().forEach(gone -> context().forward(change.withKey(gone).<V>withValue(null)));
        changed.forEach((key, row) -> context().forward(change.withKey(key).withValue(row)));
    }

    private static GenericRecord pack(Map<String, ByteBuffer> rows) {
        List<GenericRecord> packed = new ArrayList<>(rows.size());
        rows.forEach((key, bytes) -> {
            GenericRecord row = new GenericData.Record(ROW);
            row.put(0, key);
            row.put(1, bytes);
            packed.add(row);
        });
        GenericRecord all = new GenericData.Record(ROWS);
        all.put(0, packed);
        return all;
    }

    private static Map<String, ByteBuffer> unpack(@Nullable GenericRecord all) {
        Map<String, ByteBuffer> rows = new LinkedHashMap<>();
        if (all != null) {
            for (Object row : (Iterable<?>) all.get(0)) {
                GenericRecord entry = (GenericRecord) row;
                rows.put(entry.get(0).toString(), (ByteBuffer) entry.get(1));
            }
        }
        return rows;
    }
}
