package io.kappamesh.runtime;

import io.kappamesh.contract.ProductName;

/**
 * One run of a product's topology from the start of its inputs. Its consumer groups, transactional ids and internal topics begin
 * with its text: {@code sales.orders.g1}.
 *
 * @param product whose run it is
 * @param number from 1
 */
record Generation(ProductName product, int number) {

    static Generation first(ProductName product) {
        return new Generation(product, 1);
    }

    String applicationId() {
        return product + ".g" + number;
    }

    @Override
    public String toString() {
        return applicationId();
    }
}
