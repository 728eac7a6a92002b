package io.kappamesh.tpch;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;

/**
 * The TPC-H queries that the products must answer, with the validation parameters of the specification. {@link QueryAnswers} computes those
 * that shipments alone answer; the others also ask for customers, suppliers, parts and nations, in SQL.
 */
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
    /** The ten orders of the segment BUILDING that were not shipped by 1995-03-15 and bring most. */
    Q3(
            3,
            List.of("l_orderkey", "o_orderdate", "o_shippriority"),
            List.of("revenue"),
            List.of("l_orderkey", "revenue", "o_orderdate", "o_shippriority")),
    /** Orders of the third quarter of 1993 with a line that came late, by priority. */
    Q4(4, List.of("o_orderpriority"), List.of("order_count")),
    /** What customers of Asia ordered in 1994 from suppliers of their own nation, by nation. */
    Q5(5, List.of("n_name"), List.of("revenue")),
    /** What the discounts of 0.05 to 0.07 on fewer than 24 units, shipped in 1994, let off. */
    Q6(6, List.of(), List.of("revenue")),
    /** The twenty customers whose returns of what they ordered in the last quarter of 1993 cost most. */
    Q10(
            10,
            List.of("c_custkey", "c_name", "n_name", "c_address", "c_phone", "c_comment"),
            List.of("revenue", "c_acctbal"),
            List.of("c_custkey", "c_name", "revenue", "c_acctbal", "n_name", "c_address", "c_phone", "c_comment")),
    /** Lines that left in time but came late in 1994 by MAIL and by SHIP, of high and of other priority. */
    Q12(12, List.of("l_shipmode"), List.of("high_line_count", "low_line_count")),
    /** How many percent of the revenue of what was shipped in September 1995 came from promoted parts. */
    Q14(14, List.of(), List.of("promo_revenue"));

    private static final int DIGITS_OF_AVERAGES = 2;
    private static final int DIGITS_OF_SHARES = 13;

    private final int number;
    private final List<String> keys;
    private final List<String> measures;
    private final List<String> columns;

    TpchQuery(int number, List<String> keys, List<String> measures) {
        this(
                number,
                keys,
                measures,
                Stream.of(keys, measures).flatMap(List::stream).toList());
    }

    TpchQuery(int number, List<String> keys, List<String> measures, List<String> columns) {
        this.number = number;
        this.keys = keys;
        this.measures = measures;
        this.columns = columns;
    }

    /** The number that the specification gives the query. */
    public int number() {
        return number;
    }

    /** The columns by which the query groups; none if it has one row. */
    public List<String> keys() {
        return keys;
    }

    /** The columns that it computes per group, in its order, and other numbers of a group. */
    public List<String> measures() {
        return measures;
    }

    /** Keys and measures in the order of the specification. */
    List<String> columns() {
        return columns;
    }

    /**
     * A number as the published answers print it: averages with two digits after the point and the share of Q14 with thirteen, both rounded
     * half up, and everything else in full.
     */
    static BigDecimal asPublished(String measure, BigDecimal exact) {
        if (measure.startsWith("avg_")) {
            return exact.setScale(DIGITS_OF_AVERAGES, RoundingMode.HALF_UP);
        }
        return measure.equals("promo_revenue") ? exact.setScale(DIGITS_OF_SHARES, RoundingMode.HALF_UP) : exact;
    }
}
