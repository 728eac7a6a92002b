package io.kappamesh.topology;

/**
 * The wiring of a product from its input ports to its output ports. It runs once for every assembly, live or replayed, and must
 * wire the same each time: no clock, no randomness, no input or output of its own.
 */
@FunctionalInterface
public interface ProductTopology {

    /** Reads every declared input port and publishes every declared output port, once each. */
    void wire(Ports ports);
}
