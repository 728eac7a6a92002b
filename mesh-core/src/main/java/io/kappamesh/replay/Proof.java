package io.kappamesh.replay;

import io.kappamesh.control.Generation;
import java.time.Duration;

/**
 * What a proof found: whether what a product has published, live and with all that happened meanwhile, is what its code makes of the
 * retained inputs from their start.
 *
 * @param candidate the generation that replayed the inputs
 * @param kept whether it is still there, because it was begun by somebody else before; else it is gone
 * @param records offsets of the inputs that it read, of those that were kept when it was begun
 * @param replayed how long it took to catch up; of a candidate that was begun before, the part that was watched
 * @param verification what was compared with what serves
 */
public record Proof(Generation candidate, boolean kept, long records, Duration replayed, Verification verification) {

    /** Records per second of the replay, as far as it was watched. */
    public long ratePerSecond() {
        return Math.round(records * 1000.0 / Math.max(1, replayed.toMillis()));
    }

    /** Whether replay equals live, except for differences that were declared beforehand. */
    public boolean holds() {
        return verification.agrees();
    }
}
