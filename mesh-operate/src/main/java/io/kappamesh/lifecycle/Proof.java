package io.kappamesh.lifecycle;

import io.kappamesh.compare.Verification;
import io.kappamesh.generation.Generation;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What a proof found: whether what a product has published, live and with all that happened meanwhile, is what its code makes of the
 * retained inputs from their start.
 *
 * @param candidate the generation that replayed the inputs
 * @param kept whether it is still there, because it was begun by somebody else before; else it is gone
 * @param records offsets of the inputs that it read while it was watched; 0 = it had caught up before
 * @param replayed how long that took
 * @param verification what was compared with the serving generation
 */
public record Proof(Generation candidate, boolean kept, long records, Duration replayed, Verification verification) {

    /** Records per second of the replay, as far as it was watched; empty = nothing was left to replay. */
    public OptionalDouble ratePerSecond() {
        return records == 0 || replayed.isZero()
                ? OptionalDouble.empty()
                : OptionalDouble.of(records * 1e9 / replayed.toNanos());
    }

    /** Whether replay equals live, except for differences that were declared beforehand. */
    public boolean holds() {
        return verification.agrees();
    }
}
