/**
 * The sales domain: takes the shop's order events and serves orders and what they earn.
 *
 * <p>Reading order: {@link io.kappamesh.sales.SalesPorts} is what the domain promises, {@link io.kappamesh.sales.SalesProducts}
 * declares and wires its products, {@code OrderSteps} and {@code RevenueSteps} are the business, free of Kafka, and {@link
 * io.kappamesh.sales.SalesApplication} runs it.
 */
package io.kappamesh.sales;
