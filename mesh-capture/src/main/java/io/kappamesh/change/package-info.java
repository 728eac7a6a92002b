/**
 * The changes of a table, as Debezium's engine reads them.
 *
 * <p>Reading order: a {@code Change} is one event of the database's log, or a row of the snapshot; a {@code ChangeStream} runs the engine from a {@code
 * ResumePoint} on and hands changes over in their order.
 */
@Internal
@NullMarked
package io.kappamesh.change;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
