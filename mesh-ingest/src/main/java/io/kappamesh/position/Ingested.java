package io.kappamesh.position;

import java.util.Map;

/**
 * What brokers know of an archive.
 *
 * @param positions how far each file is, by the digest of its content
 * @param seen what files were found to be, by path
 */
public record Ingested(Map<String, IngestPosition> positions, Map<String, SeenFile> seen) {
    public Ingested {
        positions = Map.copyOf(positions);
        seen = Map.copyOf(seen);
    }
}
