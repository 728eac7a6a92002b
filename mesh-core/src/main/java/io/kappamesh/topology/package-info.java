/**
 * The topology of a product, from its input ports to its output ports.
 *
 * <p>Reading order, along the way of a record: a {@link StreamingProduct} is a declaration with its {@link ProductTopology}. The topology
 * receives {@link Ports}. {@link Reading} opens an input port, whose records have passed the {@linkplain io.kappamesh.intake intake}.
 * {@code Publication} is the last step before an output topic. {@code Assembly} builds Kafka Streams' topology from all of this.
 */
@NullMarked
package io.kappamesh.topology;

import org.jspecify.annotations.NullMarked;
