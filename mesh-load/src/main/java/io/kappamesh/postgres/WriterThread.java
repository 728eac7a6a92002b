package io.kappamesh.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch while the next one is gathered. From {@link #begin} until {@link #settle} has returned, the session belongs to the writer's thread, and
 * nobody else may use it. All methods belong to one thread.
 */
public final class WriterThread implements AutoCloseable {
    private final String where;
    private final ExecutorService thread;
    private @Nullable UnderWay underWay;

    private record UnderWay(Future<Committed> done, long records) {}

    /**
     * What is committed.
     *
     * @param written what was done to the table
     * @param records how many were written
     * @param positions that are stored now
     * @param took to write and commit
     */
    public record Committed(
            BatchWriter.Written written, long records, Map<Integer, Position> positions, Duration took) {}

    /** @param where of whom it writes for, for names of threads and for logs */
    public WriterThread(String where) {
        this.where = where;
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, "load-writer-" + where);
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Begins to write and commit, and returns at once. What was begun before is settled.
     *
     * @param records how many are written
     * @param positions that are stored with them
     */
    public void begin(Callable<BatchWriter.Written> write, long records, Map<Integer, Position> positions) {
        if (underWay != null) {
            throw new IllegalStateException(where + ": the batch before is not settled");
        }
        underWay = new UnderWay(
                thread.submit(() -> {
                    long began = System.nanoTime();
                    BatchWriter.Written written = write.call();
                    return new Committed(written, records, positions, Duration.ofNanos(System.nanoTime() - began));
                }),
                records);
    }

    /** Whether something is being written. */
    public boolean isBusy() {
        UnderWay now = underWay;
        return now != null && !now.done().isDone();
    }

    /** How many records were begun and are not settled. */
    public long records() {
        UnderWay now = underWay;
        return now == null ? 0 : now.records();
    }

    /**
     * Waits until what was begun is committed; empty = nothing was begun since.
     *
     * @throws SQLException as the write did; so are its other exceptions thrown here. Nothing of it is there, unless the answer to a commit was lost
     */
    public Optional<Committed> settle() throws SQLException, InterruptedException {
        UnderWay now = underWay;
        if (now == null) {
            return Optional.empty();
        }
        try {
            Committed committed = now.done().get();
            underWay = null;
            return Optional.of(committed);
        } catch (ExecutionException failed) {
            underWay = null;
            throw rethrown(failed);
        }
    }

    private static SQLException rethrown(ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof SQLException known) {
            return known;
        }
        if (cause instanceof RuntimeException known) {
            throw known;
        }
        if (cause instanceof Error known) {
            throw known;
        }
        throw new IllegalStateException(cause);
    }

    /** Waits for what is being written, also if it is interrupted: the session is free afterwards. {@link #settle} says then what became of it, without waiting. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                boolean unused = thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
