/**
 * Which generations of a product this process runs.
 *
 * <p>Reading order: {@code Assigner} decides, from records alone ({@code Assignment}); {@code Generations} carries out what it
 * decides: it begins a generation, adopts one, or waits. {@code ServedElsewhere} knows whether another process runs the serving
 * generation. {@code LostRecordCheck} refuses to begin anew where the control topic was lost.
 */
@Internal
@NullMarked
package io.kappamesh.assignment;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
