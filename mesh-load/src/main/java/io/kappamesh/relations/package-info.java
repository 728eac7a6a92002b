/**
 * The tables and views of ports: {@code TableDefinitions} makes tables and adds columns, {@code PortViews} shows them under names that stay, and {@code TableExchange} puts tables that
 * were built again in the place of others.
 */
@Internal
@NullMarked
package io.kappamesh.relations;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
