package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.util.List;

/**
 * The topics of a generation's ports.
 *
 * @param inputs topics that it reads
 * @param outputs public topics of the ports that it publishes
 */
@Internal
public record PortTopics(List<String> inputs, List<String> outputs) {
    public PortTopics {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
