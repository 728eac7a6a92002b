package io.kappamesh.topology;

/**
 * Where records go that are meant for a public topic: there, or to another topic in its place while their generation does not serve.
 * Asked for each record by all stream threads. It answers differently only while nothing is under way in the product.
 */
@FunctionalInterface
public interface Destinations {
    /** Always the public topics. */
    Destinations PUBLIC = topic -> topic;

    /** The topic that is written in place of a public one. */
    String of(String topic);
}
