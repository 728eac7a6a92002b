package io.kappamesh.tpch;

/** What the events of sales and logistics need of a data set, column by column in primitive arrays. */
record TpchRows(CustomerRows customers, OrderRows orders, LineRows lines) {

    static TpchRows generate(Generator generator) {
        CustomerRows customers = CustomerRows.of(generator);
        OrderRows orders = OrderRows.of(generator);
        return new TpchRows(customers, orders, LineRows.of(generator, orders));
    }
}
