package io.kappamesh.benchmarks.arm;

import io.kappamesh.contracts.sales.orders.v1.Order;

/** One way to write and read orders. For one thread. */
interface Codec {
    /** The bytes in front of Avro's own. */
    int header();

    byte[] write(Order order);

    Order read(byte[] bytes);
}
