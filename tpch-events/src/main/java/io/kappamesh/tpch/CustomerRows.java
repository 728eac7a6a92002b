package io.kappamesh.tpch;

import io.trino.tpch.Customer;
import io.trino.tpch.Nation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Segment and nation of each customer. */
final class CustomerRows {

    private final Texts segmentTexts = new Texts();
    private final Texts nationTexts = new Texts();
    private byte[] segments = new byte[1024];
    private byte[] nations = new byte[1024];

    private CustomerRows() {}

    static CustomerRows of(Generator generator) {
        Map<Long, String> nationNames = new HashMap<>();
        for (Nation nation : generator.nations()) {
            nationNames.put(nation.getNationKey(), nation.getName());
        }
        CustomerRows rows = new CustomerRows();
        for (Customer customer : generator.customers()) {
            String nation = nationNames.get(customer.getNationKey());
            if (nation == null) {
                throw new IllegalStateException("generator gave a customer of no known nation");
            }
            rows.add(customer, nation);
        }
        return rows;
    }

    String segment(int customerKey) {
        return segmentTexts.text(segments[customerKey]);
    }

    String nation(int customerKey) {
        return nationTexts.text(nations[customerKey]);
    }

    private void add(Customer customer, String nation) {
        int key = Math.toIntExact(customer.getCustomerKey());
        if (key >= segments.length) {
            segments = Arrays.copyOf(segments, key * 2);
            nations = Arrays.copyOf(nations, key * 2);
        }
        segments[key] = segmentTexts.code(customer.getMarketSegment());
        nations[key] = nationTexts.code(nation);
    }
}
