package io.kappamesh.writers;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.row.MergedRows;
import io.kappamesh.row.ReadAhead;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Gives rows that are read ahead to several writers. Rows are held as long as one writer has them before it: so what writers hold is bounded as what is read ahead. For one thread. */
public final class SplitPass {
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final ReadAhead ahead;
    private final RowRouter router;
    private final WriterThreads threads;
    private final Consumer<MergedRows.Next> required;
    private final Throttle throttle;
    private final CountDownLatch stop;

    /**
     * @param required looks at each row that is to be written, and throws if it may not
     * @param stop counted down, it ends
     */
    public SplitPass(
            ReadAhead ahead,
            RowRouter router,
            WriterThreads threads,
            Consumer<MergedRows.Next> required,
            Throttle throttle,
            CountDownLatch stop) {
        this.ahead = ahead;
        this.router = router;
        this.threads = threads;
        this.required = required;
        this.throttle = throttle;
        this.stop = stop;
    }

    /**
     * Until all rows are given, a writer has failed, or it is stopped.
     *
     * @param bytesRead is told how many bytes of the files were read
     * @throws UnreadRowsException when files can be read no further
     */
    public void run(LongConsumer bytesRead) throws InterruptedException {
        while (!isOver()) {
            ReadAhead.@Nullable Chunk chunk;
            try {
                chunk = ahead.pollHeld(GLANCE);
            } catch (LifecycleException broken) {
                throw new UnreadRowsException(broken);
            }
            if (chunk == null) {
                continue;
            }
            bytesRead.accept(chunk.bytesRead());
            if (chunk.isLast()) {
                return;
            }
            give(chunk);
            threads.write(router, () -> ahead.release(chunk));
        }
    }

    private void give(ReadAhead.Chunk chunk) throws InterruptedException {
        for (MergedRows.Next next : chunk.rows()) {
            if (isOver()) {
                return;
            }
            if (!router.isWritten(next)) {
                required.accept(next);
                if (throttle.isWaiting()) {
                    // Those that may pass do not wait for those that may not.
                    threads.write(router, () -> {});
                }
                throttle.pass();
            }
            if (router.route(next)) {
                threads.write(router, () -> {});
            }
        }
    }

    private boolean isOver() {
        return stop.getCount() == 0 || threads.isFailed();
    }
}
