package io.kappamesh.tpch;

import java.util.List;

/** The TPC-H queries that the product topics must answer, with the validation parameters of the specification. */
@SuppressWarnings("ImmutableEnumChecker") // the lists come from List.of
public enum TpchQuery {
    /** Pricing summary of the lines shipped up to 90 days before 1998-12-01. */
    Q1(
            1,
            List.of("l_returnflag", "l_linestatus"),
            List.of(
                    "sum_qty",
                    "sum_base_price",
                    "sum_disc_price",
                    "sum_charge",
                    "avg_qty",
                    "avg_price",
                    "avg_disc",
                    "count_order")),
    /** Orders of the third quarter of 1993 with a line that came late, by priority. */
    Q4(4, List.of("o_orderpriority"), List.of("order_count")),
    /** What the discounts of 0.05 to 0.07 on fewer than 24 units, shipped in 1994, let off. */
    Q6(6, List.of(), List.of("revenue")),
    /** Lines that left in time but came late in 1994 by MAIL and by SHIP, of high and of other priority. */
    Q12(12, List.of("l_shipmode"), List.of("high_line_count", "low_line_count"));

    private final int number;
    private final List<String> keys;
    private final List<String> measures;

    TpchQuery(int number, List<String> keys, List<String> measures) {
        this.number = number;
        this.keys = keys;
        this.measures = measures;
    }

    /** The number that the specification gives the query. */
    public int number() {
        return number;
    }

    /** The columns by which the query groups; none if it has one row. */
    public List<String> keys() {
        return keys;
    }

    /** The columns that it computes per group, in its order. */
    public List<String> measures() {
        return measures;
    }
}
