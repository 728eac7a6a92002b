package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a control topic says up to some offset. Thread-safe. */
final class ControlState {
    private final Map<String, ProductLifecycle> lifecycles = new ConcurrentHashMap<>();
    private final Map<String, Acknowledgement> acknowledgements = new ConcurrentHashMap<>();

    private final Map<String, Rest> rests = new ConcurrentHashMap<>();

    void note(String key, Rest rest) {
        rests.put(key, rest);
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
    }

    Optional<ProductLifecycle> lifecycle(ProductName product) {
        return lifecycles.values().stream()
                .filter(one -> one.product().equals(product.toString()))
                .findFirst();
    }

    List<ProductLifecycle> lifecycles() {
        return List.copyOf(lifecycles.values());
    }

    List<Acknowledgement> acknowledgements(Generation generation, String cut) {
        return acknowledgements.values().stream()
                .filter(said -> said.generation().equals(generation.toString()))
                .filter(said -> said.cut().equals(cut))
                .toList();
    }

    Optional<Rest> rest(Generation generation) {
        return rests.values().stream()
                .filter(rest -> rest.generation().equals(generation.toString()))
                .findFirst();
    }
}
