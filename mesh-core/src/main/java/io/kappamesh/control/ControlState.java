package io.kappamesh.control;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a product's control topic says up to some offset. Thread-safe. */
final class ControlState {
    private final Map<String, ProductLifecycle> lifecycles = new ConcurrentHashMap<>();
    private final Map<String, Acknowledgement> acknowledgements = new ConcurrentHashMap<>();
    private final Map<String, Rest> rests = new ConcurrentHashMap<>();
    private final Map<String, CaughtUp> caughtUp = new ConcurrentHashMap<>();

    void note(String key, CaughtUp known) {
        caughtUp.put(key, known);
    }

    void note(String key, Rest rest) {
        rests.put(key, rest);
    }

    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    void note(String key, Failure failure) {
        failures.put(key, failure);
    }

    void note(String key, ProductLifecycle lifecycle) {
        lifecycles.put(key, lifecycle);
    }

    void note(String key, Acknowledgement said) {
        acknowledgements.put(key, said);
    }

    void forget(String key) {
        lifecycles.remove(key);
        acknowledgements.remove(key);
        rests.remove(key);
        failures.remove(key);
        caughtUp.remove(key);
    }

    Optional<ProductLifecycle> lifecycle() {
        return lifecycles.values().stream().findFirst();
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

    Optional<Rest> rest(Generation generation) {
        return rests.values().stream()
                .filter(rest -> rest.generation().equals(generation.toString()))
                .findFirst();
    }
}
