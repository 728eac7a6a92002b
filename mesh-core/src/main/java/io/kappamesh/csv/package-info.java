/**
 * Values that are lines of CSV.
 *
 * <p>Reading order: {@link io.kappamesh.csv.CsvFormat} is what a port declares, made of a {@code CsvDialect}, the {@code CsvColumns} and {@code
 * CsvTimes}; {@code CsvReader} reads a line, and a {@code CsvCell} is one column of it; {@code CsvWriter} is for tests.
 */
@NullMarked
package io.kappamesh.csv;

import org.jspecify.annotations.NullMarked;
