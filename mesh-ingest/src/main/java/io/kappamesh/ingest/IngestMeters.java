package io.kappamesh.ingest;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what an ingest does. Thread-safe. */
final class IngestMeters {
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong live = new AtomicLong();
    private volatile long bytesRead;
    private volatile long bytes;
    private volatile long began;
    private volatile long ended;
    private volatile IngestProgress.Phase phase = IngestProgress.Phase.LOOKING;
    private volatile @Nullable String trouble;

    void writing(long toRead) {
        bytes = toRead;
        bytesRead = 0;
        began = System.nanoTime();
        phase = IngestProgress.Phase.WRITING;
    }

    void looking(long read, long toRead) {
        bytes = toRead;
        bytesRead = read;
    }

    void ended() {
        ended = System.nanoTime();
        phase = IngestProgress.Phase.ENDED;
        trouble = null;
    }

    void committed(long moreRows, long moreWritten, long moreRefused, long moreLive) {
        rows.addAndGet(moreRows);
        written.addAndGet(moreWritten);
        refused.addAndGet(moreRefused);
        live.addAndGet(moreLive);
        trouble = null;
    }

    void read(long allBytes) {
        bytesRead = allBytes;
    }

    void waiting(String what) {
        trouble = what;
    }

    /** Empty = nothing is waited for any more. */
    void trouble(Optional<String> waitedFor) {
        trouble = waitedFor.orElse(null);
    }

    IngestProgress progress() {
        long from = began;
        long to = phase == IngestProgress.Phase.ENDED ? ended : System.nanoTime();
        return new IngestProgress(
                phase,
                rows.get(),
                written.get(),
                refused.get(),
                live.get(),
                bytesRead,
                bytes,
                from == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, to - from)),
                Optional.ofNullable(trouble));
    }
}
