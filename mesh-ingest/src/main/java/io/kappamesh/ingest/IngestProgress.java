package io.kappamesh.ingest;

import java.time.Duration;
import java.util.Optional;

/**
 * How far an ingest is. An immutable value.
 *
 * @param phase what it does
 * @param rows how many rows were committed, by this ingest
 * @param written how many of them are records of the port
 * @param refused how many went to the dead letters
 * @param live how many belong to the live topic, because their event time is not before the hand-over
 * @param bytesRead how many bytes of the files were read, packed as they are
 * @param bytes how many there are to read
 * @param elapsed since the first row
 * @param trouble what is waited for, in words; empty = nothing
 */
public record IngestProgress(
        Phase phase,
        long rows,
        long written,
        long refused,
        long live,
        long bytesRead,
        long bytes,
        Duration elapsed,
        Optional<String> trouble) {

    /** What an ingest does. */
    public enum Phase {
        /** Digests files, and looks for those that break off. */
        LOOKING,
        /** Reads rows and writes records. */
        WRITING,
        /** It has ended. */
        ENDED
    }

    /** Rows in a second, on the average. */
    public double rowsPerSecond() {
        return elapsed.isZero() ? 0 : rows * 1e9 / elapsed.toNanos();
    }

    /** How long it will take from now on, if it goes on as it did; empty = that cannot be told yet. */
    public Optional<Duration> remaining() {
        return bytesRead == 0 || phase != Phase.WRITING || elapsed.isZero()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(
                        (long) (elapsed.toMillis() * ((double) Math.max(0, bytes - bytesRead) / bytesRead))));
    }
}
