package io.kappamesh.join;

import io.kappamesh.Internal;
import java.util.Map;

/**
 * How much may follow from one record in one transaction. It decides how soon results become visible, never what they are.
 *
 * @param atOnce the facts that are looked at together with the version that changed
 * @param then the facts of each later slice
 */
@Internal
public record Slices(int atOnce, int then) {
    /**
     * A key of the configuration for tests: how many facts follow from one record in one transaction, an Integer. It is large enough by
     * default that small histories never need a second one.
     */
    public static final String FACTS_AT_ONCE = "mesh.facts.at.once";

    /** What is looked at with each of thousands of records must take much less than a transaction lasts. */
    private static final int AT_ONCE = 1_000;

    /** Some tenths of a second of work. */
    private static final int THEN = 5_000;

    /** The slices of a configuration: {@link #FACTS_AT_ONCE}, if it is there. */
    public static Slices of(Map<String, ?> streamsConfig) {
        return streamsConfig.get(FACTS_AT_ONCE) instanceof Integer most
                ? new Slices(most, most)
                : new Slices(AT_ONCE, THEN);
    }
}
