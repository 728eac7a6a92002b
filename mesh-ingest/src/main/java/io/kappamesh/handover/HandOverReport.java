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
 * @param refused rows of the archive that the port's intake refuses, which were not compared
 * @param unreadable records of the topic whose value or event time cannot be read, which were not compared
 * @param keyless records of the topic without a key, which were not compared; of a port that is keyed by its values, those whose value gives none
 */
public record HandOverReport(
        String port, Instant handOver, List<Part> parts, long refused, long unreadable, long keyless) {

    public HandOverReport {
        parts = List.copyOf(parts);
    }

    /** What is true of a part. */
    public enum Verdict {
        /** The topic has what it has to have. */
        EQUAL,
        /** The topic lacks rows of the archive. */
        GAP,
        /**
         * The topic lacks rows of the archive, and the brokers have deleted the first records of the partition that has the number of the key range: by retention, or
         * because somebody asked for it. The missing ones may be among those.
         */
        DELETED,
        /**
         * Before the hand-over the topic has more records than the archive has rows: live writers wrote them too, or something was written twice. From it on, it has
         * a row of the archive more often than the archive has it.
         */
        OVERLAP,
        /** The topic has as many records before the hand-over, and other ones. */
        DIFFERENT
    }

    /**
     * One day and key range on one side of the hand-over.
     *
     * @param day of event times, in UTC
     * @param keyRange the number of the partition in which Kafka's default partitioner places the keys
     * @param isLive whether it is from the hand-over on
     * @param rows that the archive has
     * @param records that the topic has; from the hand-over on, up to the newest row of the archive
     * @param missing rows of the archive that the topic lacks: from the hand-over on exactly, and before it at least so many
     * @param verdict whether that is as it has to be
     */
    public record Part(
            LocalDate day, int keyRange, boolean isLive, long rows, long records, long missing, Verdict verdict) {}

    /** Whether no part shows a gap or an overlap, and all records could be compared. */
    public boolean agrees() {
        return unreadable == 0 && keyless == 0 && parts.stream().allMatch(part -> part.verdict() == Verdict.EQUAL);
    }

    /** How many rows from the hand-over on are in the archive and in the topic: without any, nothing shows that live writers had everything from then on. */
    public long sharedRows() {
        return parts.stream()
                .filter(Part::isLive)
                .mapToLong(part -> part.rows() - part.missing())
                .sum();
    }

    /** In how many key ranges the archive or the topic has anything. */
    public long keyRanges() {
        return parts.stream().mapToInt(Part::keyRange).distinct().count();
    }

    /** In how many of them no row from the hand-over on is in both: nothing shows what live writers had there. */
    public long keyRangesWithoutSharedRows() {
        return keyRanges()
                - parts.stream()
                        .filter(part -> part.isLive() && part.rows() > part.missing())
                        .mapToInt(Part::keyRange)
                        .distinct()
                        .count();
    }

    /** Whether there is neither a gap nor an overlap, shown by rows before the hand-over, and by rows from it on in every key range. */
    public boolean isProven() {
        return agrees()
                && keyRanges() > 0
                && keyRangesWithoutSharedRows() == 0
                && parts.stream().anyMatch(part -> !part.isLive() && part.rows() > 0);
    }
}
