package io.kappamesh.topology;

import io.kappamesh.contract.DataProduct;

/**
 * A data product that can run: its declaration and its topology. Immutable; it can run in several runtimes at once.
 *
 * @param product the declaration
 * @param topology the wiring, the same for history and live events
 */
public record StreamingProduct(DataProduct product, ProductTopology topology) {}
