/**
 * The logistics domain: follows every order line from the warehouse to the customer.
 *
 * <p>Reading order: {@link io.kappamesh.logistics.LogisticsPorts} is what the domain promises and what it reads of others, {@link
 * io.kappamesh.logistics.LogisticsProducts} declares and wires its products, {@code ShipmentSteps}, {@code PerformanceSteps} and
 * {@code LatenessSteps} are the business, free of Kafka, and {@link io.kappamesh.logistics.LogisticsApplication} runs it.
 */
package io.kappamesh.logistics;
