/**
 * What a loader reads.
 *
 * <p>Reading order: {@code SourceTopic} checks that the topic is still the one whose positions are stored, {@code PortContract} is what the registry
 * says of its values, {@code RowMaker} makes rows of records, and {@code CorrectionBarrier} keeps the corrections of a promotion together.
 * {@code DeletionWatch} sees that no deletion is missed. {@code Patience} counts for how long nothing gets on, and {@code LoadFaults} says which faults are waited for and what the others are.
 */
@Internal
@NullMarked
package io.kappamesh.feed;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
