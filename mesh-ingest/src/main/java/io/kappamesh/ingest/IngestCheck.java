package io.kappamesh.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an ingest of some files would do. Nothing was written for it, and no broker was asked. An immutable value.
 *
 * @param rows how many rows there are
 * @param expired how many would be records that are older than the port keeps them, so that brokers delete them
 * @param live how many belong to the live topic, because their event time is not before the hand-over
 * @param refused how many would be refused, by reason
 * @param examples the first of those that would be refused, of each reason
 * @param problems what would stop it: a file that breaks off, is not sorted, or lacks a column
 */
public record IngestCheck(
        long rows,
        long expired,
        long live,
        SortedMap<String, Long> refused,
        List<Example> examples,
        List<String> problems) {

    /**
     * A row that would be refused.
     *
     * @param file where it is
     * @param row its number, from 1
     * @param reason as in dead letters: {@code undecodable}
     * @param detail in a sentence without any value of the row
     */
    public record Example(Path file, long row, String reason, String detail) {}

    public IngestCheck {
        refused = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(refused)));
        examples = List.copyOf(examples);
        problems = List.copyOf(problems);
    }

    /** Whether every row would be written and kept, or left to the live topic. */
    public boolean isClean() {
        return expired == 0 && refused.isEmpty() && problems.isEmpty();
    }
}
