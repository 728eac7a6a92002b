package io.kappamesh.retirement;

import io.kappamesh.generation.RetiredPort;
import java.util.List;

/**
 * What became of a port that was to be retired. An immutable value.
 *
 * @param record that it is retired, as it stands in the control topic of its product
 * @param publishers generations whose build still publishes it, so that nothing is deleted yet
 * @param deleted topics that are deleted by now
 */
public record PortRetirement(RetiredPort record, List<String> publishers, List<String> deleted) {
    public PortRetirement {
        publishers = List.copyOf(publishers);
        deleted = List.copyOf(deleted);
    }
}
