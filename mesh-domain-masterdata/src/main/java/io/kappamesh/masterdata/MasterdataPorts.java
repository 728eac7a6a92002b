package io.kappamesh.masterdata;

import io.kappamesh.condition.Condition;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.masterdata.customerrows.v1.CustomerRow;
import io.kappamesh.contracts.masterdata.customers.v1.Customer;
import io.kappamesh.contracts.masterdata.nationrows.v1.NationRow;
import io.kappamesh.contracts.masterdata.nations.v1.Nation;
import io.kappamesh.contracts.masterdata.partrows.v1.PartRow;
import io.kappamesh.contracts.masterdata.parts.v1.Part;
import io.kappamesh.contracts.masterdata.supplierrows.v1.SupplierRow;
import io.kappamesh.contracts.masterdata.suppliers.v1.Supplier;

/** The ports that the master data domain owns: of each table its rows, private, and what is published of them. */
public final class MasterdataPorts {
    private static final String EVENT_TIME = "changedAt";

    private MasterdataPorts() {}

    /** Rows of customers. A row that comes again is a correction, and a null deletes it; so it is with the other rows. */
    public static final SourcePort<CustomerRow> CUSTOMER_ROWS = SourcePort.table(
                    "masterdata.customer-rows.v1", CustomerRow.class)
            .eventTime(EVENT_TIME)
            .key("customerId")
            .describedAs("Customers as the master data system has them")
            .build();

    /** Rows of suppliers. */
    public static final SourcePort<SupplierRow> SUPPLIER_ROWS = SourcePort.table(
                    "masterdata.supplier-rows.v1", SupplierRow.class)
            .eventTime(EVENT_TIME)
            .key("supplierId")
            .describedAs("Suppliers as the master data system has them")
            .build();

    /** Rows of parts. */
    public static final SourcePort<PartRow> PART_ROWS = SourcePort.table("masterdata.part-rows.v1", PartRow.class)
            .eventTime(EVENT_TIME)
            .key("partId")
            .describedAs("Parts as the master data system has them")
            .build();

    /** Rows of nations, each with its region. */
    public static final SourcePort<NationRow> NATION_ROWS = SourcePort.table(
                    "masterdata.nation-rows.v1", NationRow.class)
            .eventTime(EVENT_TIME)
            .key("nationId")
            .describedAs("Nations as the master data system has them")
            .build();

    /** Every customer. */
    public static final OutputPort<Customer> CUSTOMERS = OutputPort.table("masterdata.customers.v1", Customer.class)
            .eventTime(EVENT_TIME)
            .key("customerId")
            .describedAs("Every customer with address, nation, balance and market segment, as it is known now")
            .promises("has-nation", "a customer is of a nation", Condition.of("nationId is not empty"))
            .build();

    /** Every supplier. */
    public static final OutputPort<Supplier> SUPPLIERS = OutputPort.table("masterdata.suppliers.v1", Supplier.class)
            .eventTime(EVENT_TIME)
            .key("supplierId")
            .describedAs("Every supplier with address, nation and balance, as it is known now")
            .promises("has-nation", "a supplier is of a nation", Condition.of("nationId is not empty"))
            .build();

    /** Every part. */
    public static final OutputPort<Part> PARTS = OutputPort.table("masterdata.parts.v1", Part.class)
            .eventTime(EVENT_TIME)
            .key("partId")
            .describedAs("Every part with its type, packing and price, as it is known now")
            .promises("price-not-negative", "a part does not cost less than nothing", Condition.of("retailPrice >= 0"))
            .build();

    /** Every nation. */
    public static final OutputPort<Nation> NATIONS = OutputPort.table("masterdata.nations.v1", Nation.class)
            .eventTime(EVENT_TIME)
            .key("nationId")
            .describedAs("Every nation with its region, as it is known now")
            .build();
}
