package io.kappamesh.change;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine begins, which is what it takes for the offset that it has stored by last; afterwards what it was told to store, which it asks for when
 * it confirms to PostgreSQL. It keeps nothing beyond the engine: positions are kept with the records. Public for Debezium, which makes it by its name.
 * Thread-safe.
 */
public final class ResumePoint implements OffsetBackingStore {
    /** The setting that has the position in the log; without it the engine begins with a snapshot. */
    static final String LSN = "mesh.capture.lsn";

    private final Map<ByteBuffer, ByteBuffer> stored = new ConcurrentHashMap<>();
    private volatile @Nullable String lsn;

    /** For Debezium. */
    public ResumePoint() {}

    @Override
    public void configure(WorkerConfig config) {
        Object found = config.originals().get(LSN);
        lsn = found == null ? null : found.toString();
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    /**
     * What was stored, or else the same for every key: there is one connector, with one partition. No {@code lsn_proc}, so that Debezium does not search for
     * the position in the log by itself, which loses events that share an LSN: the server sends all transactions that were committed at or behind the
     * position.
     */
    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        Map<ByteBuffer, ByteBuffer> offsets = new HashMap<>();
        String from = lsn;
        for (ByteBuffer key : keys) {
            ByteBuffer known = stored.get(key);
            if (known != null) {
                offsets.put(key, known.duplicate());
            } else if (from != null) {
                offsets.put(
                        key,
                        ByteBuffer.wrap(("{\"lsn\":" + from + ",\"ts_usec\":0}").getBytes(StandardCharsets.UTF_8)));
            }
        }
        return CompletableFuture.completedFuture(offsets);
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, @Nullable Callback<Void> callback) {
        stored.putAll(values);
        if (callback != null) {
            callback.onCompletion(null, null);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }
}
