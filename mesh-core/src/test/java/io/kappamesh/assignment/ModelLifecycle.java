package io.kappamesh.assignment;

import io.kappamesh.generation.ProductLifecycle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A lifecycle under a number of its own: there are few of them in an exploration and many states that hold them. */
record ModelLifecycle(int number, ProductLifecycle value) {
    private static final Map<ProductLifecycle, ModelLifecycle> KNOWN = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    static ModelLifecycle of(ProductLifecycle value) {
        return KNOWN.computeIfAbsent(value, first -> new ModelLifecycle(NUMBERS.incrementAndGet(), first));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelLifecycle lifecycle && lifecycle.number == number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
