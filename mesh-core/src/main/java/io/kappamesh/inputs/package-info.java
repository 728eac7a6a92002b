/**
 * Where a generation is in its inputs, and whether it can go on from there.
 *
 * <p>Reading order: {@code InputProgress} is how far this instance has read, {@code InputEnds} where the inputs end.
 * {@code InputHistory} and {@code PositionGuard} refuse to go on over a gap; {@code InputWatch} keeps looking. {@code MissedDeletions}
 * finds out whether a generation was down for longer than deletions are kept. {@code OffsetCheckpoints} keep offsets for longer than
 * brokers do.
 */
@Internal
@NullMarked
package io.kappamesh.inputs;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
