package io.kappamesh.document;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where products are served, as far as it is known.
 *
 * @param brokers {@code host:port} of each; empty = it is not known
 * @param registry the address of the schema registry
 * @param readers who reads each port, by its address
 */
record Place(List<String> brokers, Optional<String> registry, Map<String, List<String>> readers) {
    static final Place UNKNOWN = new Place(List.of(), Optional.empty(), Map.of());

    Place {
        brokers = List.copyOf(brokers);
        readers = Map.copyOf(readers);
    }

    List<String> readersOf(String port) {
        return readers.getOrDefault(port, List.of());
    }
}
