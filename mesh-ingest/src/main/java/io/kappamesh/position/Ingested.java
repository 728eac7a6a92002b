package io.kappamesh.position;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What brokers know of an archive. Immutable. Both maps keep the order in which it was written, the newest last.
 *
 * @param positions how far each file is, by the digest of its content
 * @param seen what files were found to be, by path
 */
public record Ingested(Map<String, IngestPosition> positions, Map<String, SeenFile> seen) {
    public Ingested {
        positions = Collections.unmodifiableMap(new LinkedHashMap<>(positions));
        seen = Collections.unmodifiableMap(new LinkedHashMap<>(seen));
    }
}
