package io.kappamesh.masterdata;

import io.kappamesh.contracts.masterdata.customerrows.v1.CustomerRow;
import io.kappamesh.contracts.masterdata.nationrows.v1.NationRow;
import io.kappamesh.contracts.masterdata.partrows.v1.PartRow;
import io.kappamesh.contracts.masterdata.supplierrows.v1.SupplierRow;
import java.math.BigDecimal;
import java.time.Instant;

/** Rows for tests. */
final class Rows {
    static final Instant CHANGED_AT = Instant.parse("1995-03-15T09:00:00Z");

    private Rows() {}

    static CustomerRow customer(String id, String name, String nationId) {
        return new CustomerRow(
                id,
                name,
                "12 High Street",
                nationId,
                "16-123-456-7890",
                new BigDecimal("-405.91"),
                "BUILDING",
                " pays late",
                CHANGED_AT);
    }

    static SupplierRow supplier(String id, String name, String nationId) {
        return new SupplierRow(
                id, name, "1 Dock Road", nationId, "16-987-654-3210", new BigDecimal("10.00"), CHANGED_AT);
    }

    static PartRow part(String id, String name, int size, String price) {
        return new PartRow(
                id,
                name,
                "Manufacturer#1",
                "Brand#13",
                "PROMO BURNISHED COPPER",
                size,
                "JUMBO PKG",
                new BigDecimal(price),
                CHANGED_AT);
    }

    static NationRow nation(String id, String name, String region) {
        return new NationRow(id, name, region, CHANGED_AT);
    }
}
