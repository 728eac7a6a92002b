package io.kappamesh.topology;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Commits sooner while live. Streams commits at its configured interval, which is long because a replay profits from it; while the
 * product is live, its processors ask for a commit at this shorter one. It decides when results become visible, never what they
 * are.
 *
 * @param interval how soon results become visible while live
 * @param live whether the product is live now; asked by all stream threads
 */
public record CommitPacing(Duration interval, BooleanSupplier live) {

    /** Leaves commits to Streams. */
    public static final CommitPacing NONE = new CommitPacing(Duration.ZERO, () -> false);

    void on(ProcessingContext context) {
        if (!interval.isZero()) {
            context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, now -> {
                if (live.getAsBoolean()) {
                    context.commit();
                }
            });
        }
    }
}
