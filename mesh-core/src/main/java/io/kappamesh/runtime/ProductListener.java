package io.kappamesh.runtime;

import io.kappamesh.observe.ProductStatus;

/**
 * Is called when a generation in a runtime enters another state, gets another role, waits for something else or fails: within half a
 * second, in order, on a thread of the runtime's own. Keep it quick. What it throws is logged and goes no further.
 */
@FunctionalInterface
public interface ProductListener {
    void onChange(ProductStatus status);
}
