package io.kappamesh.topology;

import io.kappamesh.Internal;

/**
 * Maps a public topic to the topic that a generation writes: the public topic itself while the generation serves, otherwise its shadow.
 * Thread-safe: all stream threads call it for each record. The answer changes only while the product processes nothing.
 */
@FunctionalInterface
@Internal
public interface Destinations {
    /** Always the public topics. */
    Destinations PUBLIC = topic -> topic;

    /** The topic to write instead of a public one; the same topic while the generation serves. */
    String of(String topic);
}
