package io.kappamesh.runtime;

import io.kappamesh.avro.AvroDecoder;
import io.kappamesh.avro.SchemaRegistry;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.RetriableException;
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
    private final Consumer<StartupException> gaveUp;
    private final Set<Integer> underway = ConcurrentHashMap.newKeySet();
    private final ExecutorService lookups;

    /**
     * @param product whose gate this is, for the name of the thread
     * @param patience how long the registry is waited for
     * @param ports the topics that carry the registry's wire format; others, such as repartition topics, pass
     * @param gaveUp is told when patience has ended
     */
    SchemaGate(
            String product,
            SchemaRegistry registry,
            Patience patience,
            Set<String> ports,
            Consumer<StartupException> gaveUp) {
        this.registry = registry;
        this.patience = patience;
        this.ports = Set.copyOf(ports);
        this.gaveUp = gaveUp;
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

    /** What is waited for, in words; empty = nothing. */
    Optional<String> waitingFor() {
        return patience.waitingFor();
    }

    private void lookUp(int id) {
        if (underway.add(id)) {
            lookups.execute(() -> {
                try {
                    patience.await("the schema registry, to tell schema id " + id, () -> answer(id));
                } catch (StartupException tooLong) {
                    gaveUp.accept(tooLong);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                } finally {
                    underway.remove(id);
                }
            });
        }
    }

    /** Found or missing, it is known from now on. */
    private boolean answer(int id) {
        return registry.lookup(id).fold(found -> true, missing -> true, cause -> {
            throw new NoAnswerException(cause);
        });
    }

    @Override
    public void close() {
        patience.stop();
        lookups.shutdownNow();
    }

    private static final class NoAnswerException extends RetriableException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(Exception cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }
}
