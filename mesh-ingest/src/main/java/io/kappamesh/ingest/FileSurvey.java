package io.kappamesh.ingest;

import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.Ingested;
import io.kappamesh.position.SeenFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what files are, before anything is written: reads each to its end, unpacked, once for its digest and for what breaks off or lacks a column.
 * Files that nobody has written since an earlier ingest read them are only opened, if rows of them are left, and otherwise not touched. For one thread.
 */
final class FileSurvey<V extends IndexedRecord> {
    private final IngestOptions<V> options;
    private final IngestMeters meters;
    private final CountDownLatch stop;

    FileSurvey(IngestOptions<V> options, IngestMeters meters, CountDownLatch stop) {
        this.options = options;
        this.meters = meters;
        this.stop = stop;
    }

    /**
     * @param known what files were found to be earlier, and how far they are
     * @throws LifecycleException when a file cannot be read
     * @throws InterruptedException when it is stopped
     */
    List<FoundFile> of(List<ArchiveFile> files, Ingested known) throws InterruptedException {
        long total = files.stream().mapToLong(ArchiveFile::bytes).sum();
        long read = 0;
        List<FoundFile> found = new ArrayList<>();
        for (ArchiveFile file : files) {
            var unused = options.files().formatOf(file);
            @Nullable SeenFile before = known.seen().get(file.name());
            found.add(
                    before != null
                                    && file.stamp().isSettled()
                                    && file.stamp().text().equals(before.stamp())
                            ? unwritten(file, before.digest(), known.positions().get(before.digest()))
                            : read(file));
            read += file.bytes();
            meters.looking(read, total);
            if (stop.getCount() == 0 || Thread.interrupted()) {
                throw new InterruptedException(options.where() + "stopped before anything was written");
            }
        }
        return found;
    }

    /** Its content is known; but it may be asked for with other options now. */
    private FoundFile unwritten(ArchiveFile file, String digest, @Nullable IngestPosition position) {
        if (position != null && position.done()) {
            return new FoundFile(file, digest, Optional.empty(), false);
        }
        try {
            options.open(file, RowPosition.BEGINNING).close();
            return new FoundFile(file, digest, Optional.empty(), false);
        } catch (LifecycleException broken) {
            return new FoundFile(file, digest, Optional.of(String.valueOf(broken.getMessage())), false);
        }
    }

    private FoundFile read(ArchiveFile file) {
        FoundFile found = readWith(file);
        return file.isWritten()
                ? new FoundFile(
                        file,
                        found.digest(),
                        Optional.of(String.valueOf(
                                file.wrong("it is being written; wait until whoever writes it has finished")
                                        .getMessage())),
                        true)
                : found;
    }

    private FoundFile readWith(ArchiveFile file) {
        String problem;
        try (ArchiveRows<V> rows = options.open(file, RowPosition.BEGINNING)) {
            rows.drain();
            return new FoundFile(file, rows.digest(), Optional.empty(), true);
        } catch (LifecycleException broken) {
            problem = String.valueOf(broken.getMessage());
        }
        try {
            // It may be ingested already, and asked for with other options now.
            return new FoundFile(file, file.digest(), Optional.of(problem), true);
        } catch (LifecycleException broken) {
            return new FoundFile(file, "", Optional.of(problem), true);
        }
    }
}
