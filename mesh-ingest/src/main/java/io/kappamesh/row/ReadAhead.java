package io.kappamesh.row;

import io.kappamesh.failure.LifecycleException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads, judges and merges rows in a thread of its own, ahead of whoever writes them, up to 8 MiB with those that are being written; or one row, where that is larger. So rows are read while others are sent, and what takes long
 * in reading holds up no transaction. Rows are decoded by other threads, ahead of this one; what they hold is no part of the 8 MiB, and each open file's own. All but {@link #release} belongs to one thread.
 */
public final class ReadAhead implements AutoCloseable {
    private static final int MOST_ROWS = 1_000;
    private static final int MOST_BYTES = 512 << 10;
    private static final int MOST_BYTES_AHEAD = 8 << 20;
    private static final int ROW_BYTES = 128;
    private static final int LOOK_ROWS = 50;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * Some rows.
     *
     * @param rows in their order
     * @param bytesRead how many bytes of the files were read up to here
     * @param isLast whether all files have ended; there are no rows in it
     * @param held how many bytes it takes of those that are read ahead
     */
    public record Chunk(List<MergedRows.Next> rows, long bytesRead, boolean isLast, int held) {
        /** What comes behind all rows. */
        public static Chunk last(long bytesRead) {
            return new Chunk(List.of(), bytesRead, true, 0);
        }
    }

    /** What stands in the queue: with a failure, what went wrong behind all rows before it. */
    private record Queued(Chunk chunk, @Nullable Throwable failure) {}

    private final Supplier<? extends MergedRows<?>> opener;
    private final BlockingQueue<Queued> queue = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_BYTES_AHEAD);
    private final Thread reader;
    private volatile boolean closed;

    /** What {@link #poll} returned last. */
    private Chunk taken = Chunk.last(0);

    /**
     * Begins to read.
     *
     * @param name of the thread
     * @param opener opens the files; called, and what it opens read and closed, in that thread
     */
    public ReadAhead(String name, Supplier<? extends MergedRows<?>> opener) {
        this.opener = opener;
        this.reader = new Thread(this::read, name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (MergedRows<?> rows = opener.get()) {
            boolean more = true;
            while (more) {
                more = readChunk(rows);
            }
            put(new Queued(Chunk.last(rows.bytesRead()), null));
        } catch (InterruptedException stopped) {
            // Nobody waits for more.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failed) {
            if (!closed) {
                queue.add(new Queued(Chunk.last(0), failed));
            }
        }
    }

    /** Whether there may be more. */
    private boolean readChunk(MergedRows<?> rows) throws InterruptedException {
        List<MergedRows.Next> chunk = new ArrayList<>(MOST_ROWS);
        int bytes = 0;
        long began = System.nanoTime();
        try {
            while (chunk.size() < MOST_ROWS && bytes < MOST_BYTES) {
                MergedRows.@Nullable Next next = rows.next();
                if (next == null) {
                    return false;
                }
                chunk.add(next);
                bytes += bytes(next.row());
                if (chunk.size() % LOOK_ROWS == 0 && System.nanoTime() - began > LONGEST_NANOS) {
                    break;
                }
            }
            return true;
        } finally {
            // Also what was read before something went wrong.
            if (!chunk.isEmpty()) {
                put(new Queued(new Chunk(chunk, rows.bytesRead(), false, Math.min(bytes, MOST_BYTES_AHEAD)), null));
            }
        }
    }

    private static int bytes(@Nullable JudgedRow row) {
        return ROW_BYTES + (row == null ? 0 : row.row().length + (row.value() == null ? 0 : row.value().length));
    }

    private void put(Queued next) throws InterruptedException {
        room.acquire(next.chunk().held());
        queue.add(next);
    }

    /**
     * The next rows; null = there are none within a time. Those that it returned last are written by now, or sent at least.
     *
     * @throws LifecycleException when a file breaks off, or is not sorted; all rows before it were returned
     * @throws ChangedFileException when a file was changed meanwhile; all rows before its end were returned
     */
    public @Nullable Chunk poll(Duration atMost) throws InterruptedException {
        release(taken);
        taken = Chunk.last(0);
        @Nullable Chunk next = pollHeld(atMost);
        taken = next == null ? taken : next;
        return next;
    }

    /** The same for whoever says himself when they are written, with {@link #release}. */
    public @Nullable Chunk pollHeld(Duration atMost) throws InterruptedException {
        @Nullable Queued next = queue.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return null;
        }
        if (next.failure() instanceof Error error) {
            throw error;
        }
        if (next.failure() instanceof RuntimeException failure) {
            throw failure;
        }
        return next.chunk();
    }

    /** Rows are written, or sent at least: others may be read. From any thread. */
    public void release(Chunk written) {
        room.release(written.held());
    }

    /** Ends reading, and waits until all files are closed: for what is being decoded, but no longer for bytes of files. */
    @Override
    public void close() {
        closed = true;
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
