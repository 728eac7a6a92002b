package io.kappamesh.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * For how long an input that is compacted keeps the records that delete rows. A replay has to read from the beginning to the end in that time:
 * it would keep a row whose deletion is gone before it comes there.
 *
 * @param topic of the input
 * @param kept its {@code delete.retention.ms}
 * @param replay how long a replay takes; empty = nobody has measured it
 */
record KeptDeletions(String topic, Duration kept, Optional<Duration> replay) {
    /** What nobody has measured is taken to need more than this. */
    private static final Duration SHORT = Duration.ofHours(1);

    /** Why it cannot be replayed, with the remedy; empty = it can. */
    Optional<String> refusal() {
        return replay.filter(time -> time.compareTo(kept) >= 0)
                .map(time ->
                        sentence("a replay takes " + time + ", so that it would keep rows that were deleted", time));
    }

    /** What is to be feared, with the remedy; empty = nothing, or it is refused. */
    Optional<String> warning() {
        if (replay.isEmpty()) {
            return kept.compareTo(SHORT) < 0
                    ? Optional.of(sentence(
                            "nobody has measured how long a replay takes: one that takes longer would keep rows that were deleted",
                            SHORT))
                    : Optional.empty();
        }
        Duration time = replay.get();
        boolean tight = time.compareTo(kept) < 0 && time.multipliedBy(2).compareTo(kept) >= 0;
        return tight
                ? Optional.of(sentence(
                        "a replay takes " + time + ": one that is held up would keep rows that were deleted", time))
                : Optional.empty();
    }

    private String sentence(String why, Duration needed) {
        return "input " + topic + ": keeps deletions for " + kept + " only (delete.retention.ms), and " + why
                + "; its owner: run kafka-configs.sh --alter --entity-type topics --entity-name " + topic
                + " --add-config delete.retention.ms="
                + Math.max(needed.multipliedBy(4).toMillis(), Duration.ofDays(7).toMillis());
    }
}
