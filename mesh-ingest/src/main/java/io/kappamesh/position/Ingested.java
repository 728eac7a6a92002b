package io.kappamesh.position;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What brokers know of an archive. Immutable. The first two maps keep the order in which it was written, the newest last.
 *
 * @param positions how far each file is, by the digest of its content; all writers together
 * @param seen what files were found to be, by path
 * @param splits how far each writer is in files that have several, by digest; other files are not in it
 * @param writers the most writers that the port ever had
 */
public record Ingested(
        Map<String, IngestPosition> positions,
        Map<String, SeenFile> seen,
        Map<String, SplitPosition> splits,
        int writers) {
    public Ingested {
        positions = Collections.unmodifiableMap(new LinkedHashMap<>(positions));
        seen = Collections.unmodifiableMap(new LinkedHashMap<>(seen));
        splits = Map.copyOf(splits);
    }

    /** Of a port with one writer. */
    public Ingested(Map<String, IngestPosition> positions, Map<String, SeenFile> seen) {
        this(positions, seen, Map.of(), 1);
    }
}
