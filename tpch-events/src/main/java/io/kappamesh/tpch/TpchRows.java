package io.kappamesh.tpch;

/** What the events need of a data set, column by column in primitive arrays. */
record TpchRows(CustomerRows customers, OrderRows orders, LineRows lines) {

    static TpchRows generate(double scale) {
        Generator generator = new Generator(scale);
        CustomerRows customers = CustomerRows.of(generator);
        OrderRows orders = OrderRows.of(generator);
        return new TpchRows(customers, orders, LineRows.of(generator, orders));
    }
}
