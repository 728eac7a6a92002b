/**
 * Read-only queries of published tables.
 *
 * <p>Reading order: {@link PublishedTable} is what a service asks, {@link Lookup} what it is answered. A {@code TableView} reads the port's
 * public topic into a store of its own with Kafka Streams; {@code HeldPartitions} knows which partitions of it are here and complete.
 */
@NullMarked
package io.kappamesh.query;

import org.jspecify.annotations.NullMarked;
