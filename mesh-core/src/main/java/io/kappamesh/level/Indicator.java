package io.kappamesh.level;

import java.util.Locale;

/** What is measured of a published port. */
public enum Indicator {
    /** The share of time in which the port is not further behind its inputs than it promises; each input partition counts for itself. */
    FRESHNESS("partition-seconds"),
    /** The share of published records that are not older than promised when they are published, by their event times. */
    DELAY("records"),
    /** The share of records at the product's inputs that it does not refuse. */
    COMPLETENESS("records"),
    /** The share of published records for which all promised rules hold. */
    VALIDITY("records"),
    /** The share of days, in UTC, on which as many records are published as promised. */
    VOLUME("days");

    private final String unit;

    Indicator(String unit) {
        this.unit = unit;
    }

    /** The indicator as it is written in the catalogue and in tags of meters: {@code freshness}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What an error budget is counted in. */
    public String unit() {
        return unit;
    }

    /** Whether what is counted are whole things, of which one is always allowed to be bad where the target is below one. */
    boolean isCounted() {
        return this != FRESHNESS;
    }
}
