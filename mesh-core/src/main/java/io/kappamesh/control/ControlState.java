package io.kappamesh.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.generation.Acknowledgement;
import io.kappamesh.generation.CaughtUp;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.OffsetCheckpoint;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The content of a product's control topic up to some offset: the latest record of each key. Thread-safe. */
final class ControlState {
    private final Map<String, Acknowledgement> acknowledgements = new ConcurrentHashMap<>();
    private final Map<String, OffsetCheckpoint> checkpoints = new ConcurrentHashMap<>();
    private final Map<String, CaughtUp> caughtUp = new ConcurrentHashMap<>();
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();
    private volatile Decided decided = new Decided(null, null, null);

    /**
     * The latest decision.
     *
     * @param lifecycle the decision; that of an earlier record, if the latest one is not readable
     * @param written the whole record, including fields that this version does not know
     * @param unreadable why the latest record is not readable; null = it is readable
     */
    private record Decided(
            @Nullable ProductLifecycle lifecycle,
            @Nullable JsonNode written,
            @Nullable String unreadable) {}

    void note(String key, CaughtUp known) {
        caughtUp.put(key, known);
    }

    void note(String key, OffsetCheckpoint checkpoint) {
        checkpoints.put(key, checkpoint);
    }

    void note(String key, Failure failure) {
        failures.put(key, failure);
    }

    void note(String key, Acknowledgement said) {
        acknowledgements.put(key, said);
    }

    void decided(ProductLifecycle lifecycle, JsonNode written) {
        decided = new Decided(lifecycle, written, null);
    }

    void unreadable(String why) {
        decided = new Decided(decided.lifecycle, null, why);
    }

    void undecided() {
        decided = new Decided(null, null, null);
    }

    /** Removes the record of this key, unless it is a decision. */
    void forget(String key) {
        acknowledgements.remove(key);
        checkpoints.remove(key);
        failures.remove(key);
        caughtUp.remove(key);
    }

    Optional<ProductLifecycle> lifecycle() {
        return Optional.ofNullable(decided.lifecycle);
    }

    Optional<JsonNode> written() {
        return Optional.ofNullable(decided.written);
    }

    Optional<String> unreadable() {
        return Optional.ofNullable(decided.unreadable);
    }

    List<Acknowledgement> acknowledgements(Generation generation, String cut) {
        return acknowledgements.values().stream()
                .filter(said -> said.generation().equals(generation.toString()))
                .filter(said -> said.cut().equals(cut))
                .toList();
    }

    Optional<Failure> failure(Generation generation) {
        return failures.values().stream()
                .filter(failure -> failure.generation().equals(generation.toString()))
                .findFirst();
    }

    Optional<CaughtUp> caughtUp(Generation generation) {
        return caughtUp.values().stream()
                .filter(known -> known.generation().equals(generation.toString()))
                .findFirst();
    }

    Optional<OffsetCheckpoint> checkpoint(Generation generation) {
        return checkpoints.values().stream()
                .filter(checkpoint -> checkpoint.generation().equals(generation.toString()))
                .findFirst();
    }

    /** Keys of records that nobody needs when no cut is in effect: all acknowledgements, and all records of retired generations. */
    List<String> obsolete() {
        List<String> keys = new ArrayList<>(acknowledgements.keySet());
        checkpoints.forEach((key, checkpoint) -> {
            if (isRetired(checkpoint.generation())) {
                keys.add(key);
            }
        });
        failures.forEach((key, failure) -> {
            if (isRetired(failure.generation())) {
                keys.add(key);
            }
        });
        caughtUp.forEach((key, known) -> {
            if (isRetired(known.generation())) {
                keys.add(key);
            }
        });
        return keys;
    }

    private boolean isRetired(String generation) {
        int number = Generation.of(generation).number();
        return lifecycle().flatMap(now -> now.role(number)).equals(Optional.of(Role.RETIRED));
    }
}
