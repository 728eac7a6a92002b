package io.kappamesh.topology;

import io.kappamesh.Internal;

/**
 * Where records go that are meant for a public topic: there, or to another topic in its place while their generation does not serve.
 * Asked for each record by all stream threads. It answers differently only while nothing is under way in the product.
 */
@FunctionalInterface
@Internal
public interface Destinations {
    /** Always the public topics. */
    Destinations PUBLIC = topic -> topic;

    /** The topic that is written in place of a public one. */
    String of(String topic);
}
