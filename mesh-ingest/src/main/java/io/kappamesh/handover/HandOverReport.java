package io.kappamesh.handover;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What a comparison of an archive with the port's topic has found around the hand-over. Before it, the topic has to have the archive's rows and nothing else.
 * From it on, live writers wrote the topic, and whatever the archive has of that time too has to be there. An immutable value.
 *
 * @param port its address
 * @param handOver from which event time on live writers are said to have everything
 * @param parts all days and key ranges in which there is something, in their order
 * @param refused rows of the archive that are no records of the port, and were not compared
 * @param unreadable records of the topic that are no values of the port, and were not compared
 */
public record HandOverReport(String port, Instant handOver, List<Part> parts, long refused, long unreadable) {

    public HandOverReport {
        parts = List.copyOf(parts);
    }

    /** What is true of a part. */
    public enum Verdict {
        /** The topic has what it has to have. */
        EQUAL,
        /** The topic lacks rows of the archive. */
        GAP,
        /** The topic has records before the hand-over that are no rows of the archive: live writers wrote them too, or something was written twice. */
        OVERLAP,
        /** The topic has as many records before the hand-over, and other ones. */
        DIFFERENT
    }

    /**
     * One day and key range on one side of the hand-over.
     *
     * @param day of event times, in UTC
     * @param keyRange the partition in which Kafka's default partitioner places the keys
     * @param isLive whether it is from the hand-over on
     * @param rows that the archive has
     * @param records that the topic has; from the hand-over on, up to the newest row of the archive
     * @param missing rows of the archive that the topic lacks: from the hand-over on exactly, and before it at least so many
     * @param verdict whether that is as it has to be
     */
    public record Part(
            LocalDate day, int keyRange, boolean isLive, long rows, long records, long missing, Verdict verdict) {}

    /** Whether no part shows a gap or an overlap, and all records could be read. */
    public boolean agrees() {
        return unreadable == 0 && parts.stream().allMatch(part -> part.verdict() == Verdict.EQUAL);
    }

    /** How many rows the archive has from the hand-over on: without any, nothing shows that live writers had everything from then on. */
    public long sharedRows() {
        return parts.stream().filter(Part::isLive).mapToLong(Part::rows).sum();
    }

    /** Whether there is neither a gap nor an overlap, shown by rows on both sides of the hand-over. */
    public boolean isProven() {
        return agrees() && sharedRows() > 0 && parts.stream().anyMatch(part -> !part.isLive() && part.rows() > 0);
    }
}
