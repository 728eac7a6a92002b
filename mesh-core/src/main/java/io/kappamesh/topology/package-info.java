/**
 * From input port to output port: how a product's topology is wired.
 *
 * <p>Reading order, along the way of a record: {@link io.kappamesh.topology.StreamingProduct} joins a declaration with its {@link
 * io.kappamesh.topology.ProductTopology}; {@link io.kappamesh.topology.Ports} is all that such a topology is given. {@link
 * io.kappamesh.topology.Reading} opens an input port: {@code ArrivalTime} and {@code Judgement} look at each record, {@code Door}
 * lets it in or makes it a {@link io.kappamesh.topology.DeadLetter}. {@code Publication} is the last step before an output topic.
 * {@link io.kappamesh.topology.Assembly} puts it all together.
 */
package io.kappamesh.topology;
