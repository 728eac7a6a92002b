package io.kappamesh.position;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the paths of a run held earlier, and what they hold now: tells a file that was changed from one that was moved. Content counts as moved where it lies
 * at a path that held something else, or nothing; a copy that was there before is no sign of that. For one thread.
 */
public final class KnownPaths {
    private final Ingested known;
    private final Map<String, String> now;

    /** By path; the latest wins. For paths that were written before it was stored what each holds. */
    private final Map<String, String> ingestedFrom = new HashMap<>();

    private final Set<String> atNewPaths = new HashSet<>();

    /**
     * @param known in the order in which it was written
     * @param now the digest of each file, by path
     */
    public KnownPaths(Ingested known, Map<String, String> now) {
        this.known = known;
        this.now = Map.copyOf(now);
        known.positions().values().forEach(position -> ingestedFrom.put(position.file(), position.digest()));
        now.forEach((path, digest) -> {
            if (!digest.equals(held(path))) {
                atNewPaths.add(digest);
            }
        });
    }

    private @Nullable String held(String path) {
        @Nullable SeenFile seen = known.seen().get(path);
        return seen == null ? ingestedFrom.get(path) : seen.digest();
    }

    /** How far the content is ingested that a path held and no longer holds; empty = nothing of it, or it was moved. */
    public Optional<IngestPosition> changed(String path) {
        @Nullable String before = held(path);
        if (before == null || before.equals(now.get(path)) || atNewPaths.contains(before)) {
            return Optional.empty();
        }
        return Optional.ofNullable(known.positions().get(before)).filter(position -> position.rows() > 0);
    }

    /** Files that are gone while their content lies elsewhere, so that their paths are free. A path whose directory is not there is of another machine. */
    public List<SeenFile> moved() {
        Set<String> paths = new HashSet<>(ingestedFrom.keySet());
        paths.addAll(known.seen().keySet());
        Set<String> contents = new HashSet<>(now.values());
        List<SeenFile> moved = new ArrayList<>();
        for (String path : paths) {
            @Nullable String before = held(path);
            if (before != null && contents.contains(before) && !now.containsKey(path) && isGone(Path.of(path))) {
                moved.add(SeenFile.moved(path));
            }
        }
        return moved;
    }

    private static boolean isGone(Path path) {
        @Nullable Path directory = path.getParent();
        return directory != null && Files.isDirectory(directory) && Files.notExists(path);
    }
}
