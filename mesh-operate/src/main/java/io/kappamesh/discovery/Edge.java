package io.kappamesh.discovery;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Who reads a port. An immutable value.
 *
 * @param port the address of the port that is read
 * @param reader the product, or the consumer group where it is no product's
 * @param status what is known of it
 * @param isSource whether the port is a private source of the reader's domain
 * @param figures how far the reader is
 */
public record Edge(String port, String reader, Status status, boolean isSource, Figures figures) {

    /** What is known of a reader. */
    public enum Status {
        /** It is declared, and somebody reads. */
        ACTIVE,
        /** It is declared, and nobody reads. */
        SILENT,
        /** Somebody reads, and no product in the catalogue declares it. */
        UNDECLARED
    }

    /**
     * As the processes say that run the serving generation.
     *
     * @param lag offsets between what was committed and the end; empty = nobody says
     * @param ratePerSecond offsets per second, over half a minute; empty = nobody says
     * @param lastReadAt when it last read something; empty = nobody says, or nothing since it started
     */
    public record Figures(OptionalLong lag, OptionalDouble ratePerSecond, Optional<Instant> lastReadAt) {
        /** Nobody says anything. */
        public static final Figures UNKNOWN =
                new Figures(OptionalLong.empty(), OptionalDouble.empty(), Optional.empty());
    }
}
