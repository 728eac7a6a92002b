package io.kappamesh.masterdata;

import io.kappamesh.contracts.masterdata.customerrows.v1.CustomerRow;
import io.kappamesh.contracts.masterdata.customers.v1.Customer;
import io.kappamesh.contracts.masterdata.nationrows.v1.NationRow;
import io.kappamesh.contracts.masterdata.nations.v1.Nation;
import io.kappamesh.contracts.masterdata.partrows.v1.PartRow;
import io.kappamesh.contracts.masterdata.parts.v1.Part;
import io.kappamesh.contracts.masterdata.supplierrows.v1.SupplierRow;
import io.kappamesh.contracts.masterdata.suppliers.v1.Supplier;
import java.util.Optional;

/** From rows of the master data system to what is published of them. Pure functions. */
final class RowSteps {
    private RowSteps() {}

    /** Why a row cannot be a customer; empty if it can. */
    static Optional<String> objection(CustomerRow row) {
        return objection("customer", row.getCustomerId(), row.getName());
    }

    /** Why a row cannot be a supplier; empty if it can. */
    static Optional<String> objection(SupplierRow row) {
        return objection("supplier", row.getSupplierId(), row.getName());
    }

    /** Why a row cannot be a part; empty if it can. */
    static Optional<String> objection(PartRow row) {
        return row.getSize() < 1
                ? Optional.of("the part's size is below 1")
                : objection("part", row.getPartId(), row.getName());
    }

    /** Why a row cannot be a nation; empty if it can. */
    static Optional<String> objection(NationRow row) {
        return row.getRegion().isBlank()
                ? Optional.of("the nation is in no region")
                : objection("nation", row.getNationId(), row.getName());
    }

    private static Optional<String> objection(String what, String id, String name) {
        if (id.isBlank()) {
            return Optional.of("the " + what + " has no id");
        }
        return name.isBlank() ? Optional.of("the " + what + " has no name") : Optional.empty();
    }

    static Customer customer(CustomerRow row) {
        return Customer.newBuilder()
                .setCustomerId(row.getCustomerId())
                .setName(row.getName())
                .setAddress(row.getAddress())
                .setNationId(row.getNationId())
                .setPhone(row.getPhone())
                .setAccountBalance(row.getAccountBalance())
                .setMarketSegment(row.getMarketSegment())
                .setComment(row.getComment())
                .setChangedAt(row.getChangedAt())
                .build();
    }

    static Supplier supplier(SupplierRow row) {
        return Supplier.newBuilder()
                .setSupplierId(row.getSupplierId())
                .setName(row.getName())
                .setAddress(row.getAddress())
                .setNationId(row.getNationId())
                .setPhone(row.getPhone())
                .setAccountBalance(row.getAccountBalance())
                .setChangedAt(row.getChangedAt())
                .build();
    }

    static Part part(PartRow row) {
        return Part.newBuilder()
                .setPartId(row.getPartId())
                .setName(row.getName())
                .setManufacturer(row.getManufacturer())
                .setBrand(row.getBrand())
                .setType(row.getType())
                .setSize(row.getSize())
                .setContainer(row.getContainer())
                .setRetailPrice(row.getRetailPrice())
                .setChangedAt(row.getChangedAt())
                .build();
    }

    static Nation nation(NationRow row) {
        return Nation.newBuilder()
                .setNationId(row.getNationId())
                .setName(row.getName())
                .setRegion(row.getRegion())
                .setChangedAt(row.getChangedAt())
                .build();
    }
}
