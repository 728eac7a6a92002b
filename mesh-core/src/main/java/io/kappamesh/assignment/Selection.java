package io.kappamesh.assignment;

import java.util.OptionalInt;

/**
 * Which generations of a product a process runs.
 *
 * @param candidate whether it runs one candidate and nothing else; else it runs every generation of its own build
 * @param number of the candidate; empty = the newest of its own build that has local state here, else the newest candidate of its own
 *     build that never served, or, where there is none, a new one
 */
public record Selection(boolean candidate, OptionalInt number) {
    public static final Selection OWN_BUILD = new Selection(false, OptionalInt.empty());

    public static Selection candidate(OptionalInt number) {
        return new Selection(true, number);
    }
}
