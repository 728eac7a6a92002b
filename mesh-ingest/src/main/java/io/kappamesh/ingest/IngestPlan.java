package io.kappamesh.ingest;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.Ingested;
import io.kappamesh.position.KnownPaths;
import io.kappamesh.position.RowCounts;
import io.kappamesh.position.SeenFile;
import io.kappamesh.position.SplitPosition;
import io.kappamesh.row.PlannedFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which files are ingested already, which are begun, which are new. A file is known by what it says: renamed, copied or packed, it is the same. A path whose
 * content has changed is refused.
 *
 * @param toDo files with rows that are to be ingested, in the order of their paths
 * @param done files that are ingested
 * @param same files that have the content of another one, by path, and that one's path
 * @param seen what is found now and not stored yet
 * @param splits how far each writer is in files that have several, by digest
 */
record IngestPlan(
        List<PlannedFile> toDo,
        List<PlannedFile> done,
        Map<Path, String> same,
        List<SeenFile> seen,
        Map<String, SplitPosition> splits) {

    /** How far each writer is in a file; where the file has one position, so many begin at it. */
    SplitPosition split(PlannedFile file, int writers) {
        @Nullable SplitPosition split = splits.get(file.begun().digest());
        return split == null ? SplitPosition.of(file.begun(), writers) : split;
    }

    /**
     * Compares files with what is ingested.
     *
     * @param files in their order
     * @param known in the order in which it was written
     * @param topicId of the port's topic as it is now
     * @param partitions of the port's topic as it is now
     * @throws LifecycleException with all that is refused
     */
    static IngestPlan of(
            String where,
            List<FoundFile> files,
            Ingested known,
            @Nullable Instant handOver,
            String topicId,
            int partitions) {
        List<String> problems = new ArrayList<>();
        Map<String, String> now = new LinkedHashMap<>();
        files.stream()
                .filter(file -> !file.digest().isEmpty())
                .forEach(file -> now.put(file.file().name(), file.digest()));
        KnownPaths paths = new KnownPaths(known, now);
        Map<String, String> seen = new HashMap<>();
        Map<Path, String> same = new LinkedHashMap<>();
        List<PlannedFile> toDo = new ArrayList<>();
        List<PlannedFile> done = new ArrayList<>();
        int index = 0;
        for (FoundFile one : files) {
            ArchiveFile file = one.file();
            String digest = one.digest();
            if (digest.isEmpty()) {
                one.problem().ifPresent(problems::add);
                continue;
            }
            @Nullable IngestPosition position = known.positions().get(digest);
            if (position == null || !position.done()) {
                one.problem().ifPresent(problems::add);
            }
            @Nullable String before = seen.putIfAbsent(digest, file.name());
            if (before != null) {
                same.put(file.path(), before);
                continue;
            }
            Optional<IngestPosition> changed = position == null ? paths.changed(file.name()) : Optional.empty();
            if (changed.isPresent()) {
                problems.add("file " + file.name() + ": was changed since "
                        + changed.get().rows()
                        + " of its rows were ingested; put it back as it was. If rows were appended, put them into a file of their"
                        + " own. If the change is meant, give the file another name, and all of its rows are ingested beside the"
                        + " old ones");
                continue;
            }
            if (position == null) {
                toDo.add(new PlannedFile(
                        index++,
                        file,
                        new IngestPosition(
                                file.name(), digest, 0, -1, false, handOver, topicId, RowCounts.none(partitions))));
                continue;
            }
            problem(file, position, handOver, topicId, partitions).ifPresent(problems::add);
            PlannedFile planned = new PlannedFile(index++, file, position);
            (position.done() ? done : toDo).add(planned);
        }
        if (!problems.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    where + String.join("\n" + where, problems) + "\nNothing was written of any file");
        }
        List<SeenFile> news = new ArrayList<>(paths.moved());
        files.stream()
                .map(FoundFile::seen)
                .filter(file ->
                        !file.digest().isEmpty() && !file.equals(known.seen().get(file.path())))
                .forEach(news::add);
        return new IngestPlan(List.copyOf(toDo), List.copyOf(done), same, List.copyOf(news), known.splits());
    }

    private static Optional<String> problem(
            ArchiveFile file, IngestPosition position, @Nullable Instant handOver, String topicId, int partitions) {
        String what = "file " + file.name() + ": ";
        if (!position.topicId().equals(topicId)) {
            return Optional.of(what + "was ingested into a topic of this port that was deleted (its id was "
                    + position.topicId() + ", and now it is " + topicId
                    + "); delete the topic of the positions too, and"
                    + " ingest everything again");
        }
        if (position.counts().partitions().size() != partitions) {
            return Optional.of(what + "was ingested while the port's topic had "
                    + position.counts().partitions().size() + " partitions, and now it has " + partitions
                    + ", so that rows of one key would lie in two; make the topic anew with its number of partitions");
        }
        if (!Objects.equals(position.handOver(), handOver)) {
            return Optional.of(what + "was ingested "
                    + (position.handOver() == null
                            ? "without a hand-over"
                            : "up to the hand-over " + position.handOver())
                    + ", and now " + (handOver == null ? "none" : handOver)
                    + " is declared; declare the same one, because rows between the two would be missing or doubled");
        }
        return Optional.empty();
    }
}
