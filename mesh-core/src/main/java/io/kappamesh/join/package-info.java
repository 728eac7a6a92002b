/**
 * As-of joins: facts with the version that was valid at their event time, whatever the order in which the two arrive.
 *
 * <p>Reading order: {@link Facts} and {@link Versions} are the two sides; {@code AsOfJoin} joins them over {@code Timelines}, its
 * store. A version that changes many facts is worked off in {@code Slices}, each in a transaction of its own, continued by a
 * {@code Resumption}.
 */
@NullMarked
package io.kappamesh.join;

import org.jspecify.annotations.NullMarked;
