package io.kappamesh;

import java.time.Duration;

/** What counts as unlimited where Kafka wants to be told a span of time. */
@Internal
public final class Unlimited {
    /** A hundred years: longer than any history that Kafka's timestamps tell of. */
    public static final Duration SPAN = Duration.ofDays(36_500);

    private Unlimited() {}
}
