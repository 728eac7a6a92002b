package io.kappamesh.writers;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How fast rows are written, and in what transactions: each ends as soon as one of its limits is reached.
 *
 * @param writers how many there are, each with transactions of its own
 * @param perSecond the most rows in a second, of all writers; empty = as many as there are
 * @param rows of a transaction
 * @param bytes of its records
 * @param interval since its first record
 */
public record Pace(int writers, OptionalLong perSecond, int rows, long bytes, Duration interval) {}
