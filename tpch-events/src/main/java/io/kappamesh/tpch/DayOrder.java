package io.kappamesh.tpch;

import java.util.function.IntUnaryOperator;

/** Row numbers sorted by day, equal days in row order: a counting sort, since a data set spans only seven years of days. */
final class DayOrder {

    private final int firstDay;
    private final int[] starts;
    private final int[] rows;

    private DayOrder(int firstDay, int[] starts, int[] rows) {
        this.firstDay = firstDay;
        this.starts = starts;
        this.rows = rows;
    }

    /** Orders the rows {@code 0} to {@code size - 1}, of which there must be one at least. */
    static DayOrder of(int size, IntUnaryOperator dayOfRow) {
        int firstDay = Integer.MAX_VALUE;
        int lastDay = Integer.MIN_VALUE;
        for (int row = 0; row < size; row++) {
            int day = dayOfRow.applyAsInt(row);
            firstDay = Math.min(firstDay, day);
            lastDay = Math.max(lastDay, day);
        }
        int[] starts = new int[lastDay - firstDay + 2];
        for (int row = 0; row < size; row++) {
            starts[dayOfRow.applyAsInt(row) - firstDay + 1]++;
        }
        for (int day = 1; day < starts.length; day++) {
            starts[day] += starts[day - 1];
        }
        int[] next = starts.clone();
        int[] rows = new int[size];
        for (int row = 0; row < size; row++) {
            rows[next[dayOfRow.applyAsInt(row) - firstDay]++] = row;
        }
        return new DayOrder(firstDay, starts, rows);
    }

    int firstDay() {
        return firstDay;
    }

    int endDay() {
        return firstDay + starts.length - 1;
    }

    /** The position of the first row that is not before the day; a day outside the range is as good as its nearest edge. */
    int start(int day) {
        return starts[Math.min(Math.max(day - firstDay, 0), starts.length - 1)];
    }

    int row(int position) {
        return rows[position];
    }
}
