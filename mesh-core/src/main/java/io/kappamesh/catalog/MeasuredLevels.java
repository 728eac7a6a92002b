package io.kappamesh.catalog;

import io.kappamesh.contract.ProductName;
import io.kappamesh.level.Counts;

/**
 * What a process has counted of a product's levels of service, with one of its generations. It stays when the process ends, until no window reaches back to it: all counts are
 * added up. An immutable value.
 *
 * @param product {@code sales.orders}
 * @param process a name that no other generation in no other process has, and that says nothing
 * @param counts what it has counted
 */
public record MeasuredLevels(String product, String process, Counts counts) {
    public MeasuredLevels {
        ProductName unused = ProductName.of(Wire.require(product, "product"));
        Wire.require(process, "process");
        Wire.require(counts, "counts");
    }

    /** Its product. */
    public ProductName name() {
        return ProductName.of(product);
    }
}
