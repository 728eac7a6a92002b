package io.kappamesh.topology;

/**
 * Wires a product from its input ports to its output ports. The library calls it several times: for the linter, for each generation and in
 * tests, sometimes on several threads. It must build the same topology each time, so it uses no clock, no randomness, no files and no network.
 */
@FunctionalInterface
public interface ProductTopology {

    /**
     * Reads every declared input port and publishes every declared output port, once each.
     *
     * @param ports what the topology reads and writes; valid during this call only
     */
    void wire(Ports ports);
}
