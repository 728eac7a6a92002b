package io.kappamesh.masterdata;

import static io.kappamesh.masterdata.MasterdataPorts.CUSTOMERS;
import static io.kappamesh.masterdata.MasterdataPorts.CUSTOMER_ROWS;
import static io.kappamesh.masterdata.MasterdataPorts.NATIONS;
import static io.kappamesh.masterdata.MasterdataPorts.NATION_ROWS;
import static io.kappamesh.masterdata.MasterdataPorts.PARTS;
import static io.kappamesh.masterdata.MasterdataPorts.PART_ROWS;
import static io.kappamesh.masterdata.MasterdataPorts.SUPPLIERS;
import static io.kappamesh.masterdata.MasterdataPorts.SUPPLIER_ROWS;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;

/**
 * The products of the master data domain: declaration and wiring. Each publishes the rows of a table one by one, without state: of a key the last
 * row counts, in the source as in what is published.
 */
public final class MasterdataProducts {
    private MasterdataProducts() {}

    /** All products of the domain. */
    public static List<StreamingProduct> all() {
        return List.of(nations(), customers(), suppliers(), parts());
    }

    /** {@code masterdata.nations}: every nation with its region. */
    public static StreamingProduct nations() {
        return new StreamingProduct(
                named("masterdata.nations", "Every nation with its region")
                        .reads(NATION_ROWS)
                        .publishes(NATIONS)
                        .build(),
                ports -> ports.publish(
                        NATIONS,
                        ports.read(NATION_ROWS)
                                .check(RowSteps::objection)
                                .becomes(NATIONS, RowSteps::nation)
                                .changes()));
    }

    /** {@code masterdata.customers}: every customer. */
    public static StreamingProduct customers() {
        return new StreamingProduct(
                named("masterdata.customers", "Every customer")
                        .reads(CUSTOMER_ROWS)
                        .publishes(CUSTOMERS)
                        .build(),
                ports -> ports.publish(
                        CUSTOMERS,
                        ports.read(CUSTOMER_ROWS)
                                .check(RowSteps::objection)
                                .becomes(CUSTOMERS, RowSteps::customer)
                                .changes()));
    }

    /** {@code masterdata.suppliers}: every supplier. */
    public static StreamingProduct suppliers() {
        return new StreamingProduct(
                named("masterdata.suppliers", "Every supplier")
                        .reads(SUPPLIER_ROWS)
                        .publishes(SUPPLIERS)
                        .build(),
                ports -> ports.publish(
                        SUPPLIERS,
                        ports.read(SUPPLIER_ROWS)
                                .check(RowSteps::objection)
                                .becomes(SUPPLIERS, RowSteps::supplier)
                                .changes()));
    }

    /** {@code masterdata.parts}: every part. */
    public static StreamingProduct parts() {
        return new StreamingProduct(
                named("masterdata.parts", "Every part")
                        .reads(PART_ROWS)
                        .publishes(PARTS)
                        .build(),
                ports -> ports.publish(
                        PARTS,
                        ports.read(PART_ROWS)
                                .check(RowSteps::objection)
                                .becomes(PARTS, RowSteps::part)
                                .changes()));
    }

    private static DataProduct.Builder named(String name, String description) {
        return DataProduct.named(name)
                .ownedBy("masterdata", "masterdata@example.org")
                .describedAs(description);
    }
}
