package io.kappamesh.runtime;

import io.kappamesh.avro.AvroDecoder;
import io.kappamesh.avro.SchemaRegistry;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which records may reach a topology: those whose schema id is known, be it as a schema or as one that does not exist. An id
 * that is not known yet is looked up on a thread of its own, again and again while the registry cannot be reached, so that no
 * stream thread ever waits for the registry. Thread-safe.
 */
final class SchemaGate implements AutoCloseable {
    private final SchemaRegistry registry;
    private final Patience patience;
    private final Set<String> ports;
    private final Map<Integer, Boolean> underway = new ConcurrentHashMap<>();
    private final ExecutorService lookups;

    /**
     * @param product whose gate this is, for the name of the thread
     * @param ports the topics that carry the registry's wire format; others, such as repartition topics, pass
     */
    SchemaGate(String product, SchemaRegistry registry, Patience patience, Set<String> ports) {
        this.registry = registry;
        this.patience = patience;
        this.ports = Set.copyOf(ports);
        this.lookups = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, product + "-schema-lookup");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether a record may pass; if not, its schema is being looked up, and asking again later tells. Never blocks. */
    boolean admits(String topic, byte @Nullable [] value) {
        if (value == null || !ports.contains(topic)) {
            return true;
        }
        OptionalInt id = AvroDecoder.schemaId(value);
        if (id.isEmpty() || registry.knows(id.getAsInt())) {
            return true;
        }
        lookUp(id.getAsInt());
        return false;
    }

    private void lookUp(int id) {
        if (underway.putIfAbsent(id, true) == null) {
            lookups.execute(() -> {
                try {
                    patience.await("schema id " + id, () -> registry.lookup(id).orThrow());
                } finally {
                    underway.remove(id);
                }
            });
        }
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }
}
