package io.kappamesh.tpch;

import io.kappamesh.contracts.masterdata.customerrows.v1.CustomerRow;
import io.kappamesh.contracts.masterdata.nationrows.v1.NationRow;
import io.kappamesh.contracts.masterdata.partrows.v1.PartRow;
import io.kappamesh.contracts.masterdata.supplierrows.v1.SupplierRow;
import io.trino.tpch.Customer;
import io.trino.tpch.Nation;
import io.trino.tpch.Part;
import io.trino.tpch.Region;
import io.trino.tpch.Supplier;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.avro.specific.SpecificRecord;

/** Builds the event of a row of nations, customers, suppliers or parts. */
final class MasterRecords {

    /** TPC-H's rows have no date. All are there before the first order, which may be of this day. */
    private static final LocalDate KNOWN_SINCE = LocalDate.of(1992, 1, 1);

    private static final int DAY = Math.toIntExact(KNOWN_SINCE.toEpochDay());
    private static final Instant CHANGED_AT =
            KNOWN_SINCE.atStartOfDay(ZoneOffset.UTC).toInstant();

    private final Map<Long, String> regions = new HashMap<>();
    private final List<Nation> nations = new ArrayList<>();
    private final List<Customer> customers = new ArrayList<>();
    private final List<Supplier> suppliers = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    MasterRecords(Generator generator) {
        for (Region region : generator.regions()) {
            regions.put(region.getRegionKey(), region.getName());
        }
        generator.nations().forEach(nations::add);
        generator.customersWithComments().forEach(customers::add);
        generator.suppliers().forEach(suppliers::add);
        generator.parts().forEach(parts::add);
    }

    /** The tables, in the order in which their rows follow each other. */
    List<Course> courses() {
        return List.of(
                course(EventStream.NATIONS, nations.size(), row -> nation(nations.get(row))),
                course(EventStream.CUSTOMERS, customers.size(), row -> customer(customers.get(row))),
                course(EventStream.SUPPLIERS, suppliers.size(), row -> supplier(suppliers.get(row))),
                course(EventStream.PARTS, parts.size(), row -> part(parts.get(row))));
    }

    private static Course course(EventStream stream, int size, IntFunction<SpecificRecord> value) {
        // The first field of every row is its key.
        return new Course(stream, DayOrder.of(size, row -> DAY), row -> {
            SpecificRecord record = value.apply(row);
            return new TpchEvent(stream, (String) record.get(0), CHANGED_AT.toEpochMilli(), record);
        });
    }

    private SpecificRecord nation(Nation nation) {
        String region = regions.get(nation.getRegionKey());
        if (region == null) {
            throw new IllegalStateException("generator gave a nation of no known region");
        }
        return new NationRow(id(nation.getNationKey()), nation.getName(), region, CHANGED_AT);
    }

    private static SpecificRecord customer(Customer customer) {
        return new CustomerRow(
                id(customer.getCustomerKey()),
                customer.getName(),
                customer.getAddress(),
                id(customer.getNationKey()),
                customer.getPhone(),
                BigDecimal.valueOf(customer.getAccountBalanceInCents(), 2),
                customer.getMarketSegment(),
                customer.getComment(),
                CHANGED_AT);
    }

    private static SpecificRecord supplier(Supplier supplier) {
        return new SupplierRow(
                id(supplier.getSupplierKey()),
                supplier.getName(),
                supplier.getAddress(),
                id(supplier.getNationKey()),
                supplier.getPhone(),
                BigDecimal.valueOf(supplier.getAccountBalanceInCents(), 2),
                CHANGED_AT);
    }

    private static SpecificRecord part(Part part) {
        return new PartRow(
                id(part.getPartKey()),
                part.getName(),
                part.getManufacturer(),
                part.getBrand(),
                part.getType(),
                part.getSize(),
                part.getContainer(),
                BigDecimal.valueOf(part.getRetailPriceInCents(), 2),
                CHANGED_AT);
    }

    private static String id(long key) {
        return Long.toString(key);
    }
}
