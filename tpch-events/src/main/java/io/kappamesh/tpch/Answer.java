package io.kappamesh.tpch;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a query returned: one row per key, sorted by key, so that equal answers are {@link #equals equal} in whatever order and
 * with however many trailing zeros they came. Numbers are exact; nothing is compared approximately.
 *
 * @param keys the names of the columns by which rows are told apart; empty if there is but one row
 * @param measures the names of the columns compared
 * @param rows the rows
 */
public record Answer(List<String> keys, List<String> measures, List<Row> rows) {

    /**
     * Sorts the rows.
     *
     * @throws IllegalArgumentException if a row does not fit the columns, or two rows have one key
     */
    public Answer {
        keys = List.copyOf(keys);
        measures = List.copyOf(measures);
        rows = rows.stream().sorted(Comparator.comparing(Row::label)).toList();
        for (Row row : rows) {
            if (row.key().size() != keys.size() || row.measures().size() != measures.size()) {
                throw new IllegalArgumentException(
                        "row %s does not fit the columns %s and %s".formatted(row.label(), keys, measures));
            }
        }
        Set<List<String>> seen = new HashSet<>();
        for (Row row : rows) {
            if (!seen.add(row.key())) {
                throw new IllegalArgumentException("two rows have the key %s".formatted(row.label()));
            }
        }
    }

    /**
     * One row.
     *
     * @param key the texts that tell it apart, one per key column
     * @param measures its numbers, one per measure column, without trailing zeros
     */
    public record Row(List<String> key, List<BigDecimal> measures) {

        /** Strips trailing zeros, which are presentation, not value. */
        public Row {
            key = List.copyOf(key);
            measures = measures.stream().map(BigDecimal::stripTrailingZeros).toList();
        }

        private String label() {
            return String.join("|", key);
        }
    }

    /**
     * What is different from the expected answer: one line per missing row, per row too many, and per number that differs.
     * Empty if and only if the two are equal.
     *
     * @throws IllegalArgumentException if the two have different columns, hence answer different questions
     */
    public List<String> differencesFrom(Answer expected) {
        if (!keys.equals(expected.keys) || !measures.equals(expected.measures)) {
            throw new IllegalArgumentException("columns must be %s and %s but were %s and %s"
                    .formatted(expected.keys, expected.measures, keys, measures));
        }
        Map<List<String>, Row> left = new LinkedHashMap<>();
        rows.forEach(row -> left.put(row.key(), row));
        List<String> differences = new ArrayList<>();
        for (Row row : expected.rows) {
            Row actual = left.remove(row.key());
            if (actual == null) {
                differences.add("%s: row is missing".formatted(name(row)));
            } else {
                differences.addAll(differences(actual, row));
            }
        }
        left.values().forEach(row -> differences.add("%s: row is not expected".formatted(name(row))));
        return List.copyOf(differences);
    }

    private List<String> differences(Row actual, Row expected) {
        return IntStream.range(0, measures.size())
                .filter(i -> actual.measures.get(i).compareTo(expected.measures.get(i)) != 0)
                .mapToObj(i -> "%s: %s is %s, expected %s"
                        .formatted(
                                name(expected),
                                measures.get(i),
                                actual.measures.get(i).toPlainString(),
                                expected.measures.get(i).toPlainString()))
                .toList();
    }

    private String name(Row row) {
        return keys.isEmpty() ? "only row" : row.label();
    }
}
