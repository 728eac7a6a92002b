/**
 * The master data domain: takes the rows of the master data system and serves customers, suppliers, parts and nations, which others join with
 * what they know of orders and shipments.
 *
 * <p>Reading order: {@link io.kappamesh.masterdata.MasterdataPorts} is what the domain promises, {@link
 * io.kappamesh.masterdata.MasterdataProducts} declares and wires its products, {@code RowSteps} is the business, free of Kafka, and {@link
 * io.kappamesh.masterdata.MasterdataApplication} runs it.
 */
package io.kappamesh.masterdata;
