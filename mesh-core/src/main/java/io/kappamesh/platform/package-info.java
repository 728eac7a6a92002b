/**
 * What the products of one process share.
 *
 * <p>Reading order: a {@code Platform} has the clients, the {@code StateDirectory} and the bound on memory, {@code RocksDbMemory}.
 */
@Internal
@NullMarked
package io.kappamesh.platform;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
