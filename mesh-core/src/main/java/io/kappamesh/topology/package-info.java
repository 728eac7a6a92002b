/**
 * From input port to output port: how the topology of a product is wired.
 *
 * <p>Reading order, along the way of a record: {@link StreamingProduct} joins a declaration with its {@link ProductTopology}, which is
 * given {@link Ports}; {@link Reading} opens an input port, whose records come through the {@linkplain io.kappamesh.intake intake}.
 * {@code Publication} is the last step before an output topic. {@code Assembly} puts everything together.
 */
@NullMarked
package io.kappamesh.topology;

import org.jspecify.annotations.NullMarked;
