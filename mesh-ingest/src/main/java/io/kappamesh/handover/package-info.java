/**
 * Whether an archive and the live topic meet where they are said to.
 *
 * <p>Reading order: {@link io.kappamesh.handover.HandOverReport} is what is found, {@code HandOverProof} counts, and {@code ComparedTopic} reads the live
 * topic for it.
 */
@NullMarked
package io.kappamesh.handover;

import org.jspecify.annotations.NullMarked;
