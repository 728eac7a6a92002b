package io.kappamesh.status;

import java.util.OptionalLong;

/**
 * How far a generation is in a partition that it reads. Offsets count control records too.
 *
 * @param topic an input, or an internal topic between two parts of the topology
 * @param partition from 0
 * @param beginning the first offset that is kept
 * @param position the offset up to which everything is taken in and committed; where only markers of transactions follow, the end
 * @param end where what is committed ends
 * @param goal the end when the generation was begun; empty = an internal topic
 */
public record PartitionStatus(String topic, int partition, long beginning, long position, long end, OptionalLong goal) {

    /** Offsets that are still to be read. */
    public long lag() {
        return Math.max(0, end - position);
    }

    /** Whether it is an input, and not internal. */
    public boolean isInput() {
        return goal.isPresent();
    }

    /** Whether all is read that was there when the generation was begun. */
    public boolean pastGoal() {
        return position >= goal.orElse(0);
    }
}
