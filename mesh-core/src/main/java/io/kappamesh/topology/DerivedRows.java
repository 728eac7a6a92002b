package io.kappamesh.topology;

import io.kappamesh.avro.AvroType;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.serde.StateSerde;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the keys and digests of the rows that were last derived from each parent, and forwards only the differences. Kafka Streams has no
 * operator for this, because a stream of a table's changes has only the new values. A digest is the first half of the SHA-256 of the
 * serialized row: two different rows have the same digest with a probability of 2⁻¹²⁸. A store of digests is much smaller than one of rows.
 */
final class DerivedRows<A, V> extends ContextualProcessor<String, A, String, V> {
    private static final int DIGEST_BYTES = 16;
    private static final Schema ROW = SchemaBuilder.record("DerivedRow")
            .namespace("io.kappamesh.topology")
            .fields()
            .requiredString("key")
            .name("digest")
            .type(Schema.createFixed("Digest", null, "io.kappamesh.topology", DIGEST_BYTES))
            .noDefault()
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

    private final MessageDigest sha256;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private KeyValueStore<String, GenericRecord> store;

    private DerivedRows(String storeName, Serde<V> serde, Function<? super A, Map<String, V>> rows) {
        this.storeName = storeName;
        this.serde = serde;
        this.rows = rows;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    static <A, V> ProcessorSupplier<String, A, String, V> supplier(
            KeyValueBytesStoreSupplier store,
            Serde<V> serde,
            RecordLimit limit,
            Function<? super A, Map<String, V>> rows) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, A, String, V> get() {
                return new DerivedRows<>(store.name(), serde, rows);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.keyValueStoreBuilder(
                        store, Serdes.String(), new StateSerde<>(AvroType.generic(ROWS), limit.value())));
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
            ByteBuffer digest = digest(row);
            kept.put(key, digest);
            if (!digest.equals(before.remove(key))) {
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

    private ByteBuffer digest(V row) {
        return ByteBuffer.wrap(sha256.digest(serde.serializer().serialize(storeName, row)), 0, DIGEST_BYTES);
    }

    private static GenericRecord pack(Map<String, ByteBuffer> rows) {
        List<GenericRecord> packed = new ArrayList<>(rows.size());
        rows.forEach((key, digest) -> {
            GenericRecord row = new GenericData.Record(ROW);
            row.put(0, key);
            byte[] bytes = new byte[DIGEST_BYTES];
            digest.duplicate().get(bytes);
            row.put(1, new GenericData.Fixed(ROW.getField("digest").schema(), bytes));
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
                rows.put(entry.get(0).toString(), ByteBuffer.wrap(((GenericFixed) entry.get(1)).bytes()));
            }
        }
        return rows;
    }
}
