package io.kappamesh.ingest;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is ingested of an archive, by this ingest and those before it. An immutable value.
 *
 * @param port its address
 * @param handOver from which event time on rows belong to the live topic; empty = all belong to the archive
 * @param files what became of each
 */
public record IngestReport(String port, Optional<Instant> handOver, List<FileReport> files) {

    public IngestReport {
        files = List.copyOf(files);
    }

    /** What became of a file. */
    public enum FileState {
        /** All of its rows are ingested now. */
        INGESTED,
        /** All of its rows were ingested before; nothing was written. */
        ALREADY_INGESTED,
        /** Another file of this archive has the same content; its rows were written once. */
        SAME_CONTENT,
        /** It was stopped in between; another ingest goes on with it. */
        STOPPED,
        /** All rows that it had when the ingest began are ingested now; it has more since, which are not. */
        GROWN
    }

    /**
     * What became of the rows of one file.
     *
     * @param file where it is
     * @param state whether all rows are ingested
     * @param rows how many are ingested, whatever became of them
     * @param written how many are records of the port, by partition of its topic
     * @param refused how many went to the dead letters
     * @param live how many were left to the live topic
     * @param newest the newest event time of those that were written; empty = none was, or rows have none
     * @param otherName under which the same content was ingested; empty = under this one
     */
    public record FileReport(
            Path file,
            FileState state,
            long rows,
            List<Long> written,
            long refused,
            long live,
            Optional<Instant> newest,
            Optional<String> otherName) {
        public FileReport {
            written = List.copyOf(written);
        }
    }

    /** Whether all rows of all files are ingested. */
    public boolean isComplete() {
        return files.stream().noneMatch(file -> file.state() == FileState.STOPPED || file.state() == FileState.GROWN);
    }

    /** Whether there was nothing to do. */
    public boolean isNothingNew() {
        return files.stream()
                .allMatch(file -> file.state() == FileState.ALREADY_INGESTED || file.state() == FileState.SAME_CONTENT);
    }

    /** How many rows of all files are ingested; files of the same content count once. */
    public long rows() {
        return counted().mapToLong(FileReport::rows).sum();
    }

    /** How many records of the port came of them, by partition. */
    public List<Long> written() {
        List<Long> sums = new java.util.ArrayList<>();
        counted().forEach(file -> {
            for (int at = 0; at < file.written().size(); at++) {
                if (at == sums.size()) {
                    sums.add(0L);
                }
                sums.set(at, sums.get(at) + file.written().get(at));
            }
        });
        return sums;
    }

    /** How many went to the dead letters. */
    public long refused() {
        return counted().mapToLong(FileReport::refused).sum();
    }

    /** How many were left to the live topic. */
    public long live() {
        return counted().mapToLong(FileReport::live).sum();
    }

    private java.util.stream.Stream<FileReport> counted() {
        return files.stream().filter(file -> file.state() != FileState.SAME_CONTENT);
    }
}
