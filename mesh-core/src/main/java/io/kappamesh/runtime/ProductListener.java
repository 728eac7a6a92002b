package io.kappamesh.runtime;

import io.kappamesh.observe.ProductStatus;

/**
 * Is notified when a generation in a runtime changes its state or role, waits for something else, or fails.
 *
 * <p>The runtime calls all its listeners on one thread of its own, in order, within half a second. A change that is reverted sooner may go
 * unnoticed. A listener that blocks delays the others. If it throws, the exception is logged and nothing else happens.
 */
@FunctionalInterface
public interface ProductListener {
    /**
     * A generation has changed, or is seen for the first time.
     *
     * @param status of the generation after the change; it has no generation while nothing of the product is known yet
     */
    void onChange(ProductStatus status);
}
