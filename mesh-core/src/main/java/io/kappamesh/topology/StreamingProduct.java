package io.kappamesh.topology;

import io.kappamesh.contract.DataProduct;

/**
 * A data product that runs: what it promises and the one topology that keeps the promise.
 *
 * @param product the declaration
 * @param topology the wiring, the same for history and live events
 */
public record StreamingProduct(DataProduct product, ProductTopology topology) {}
