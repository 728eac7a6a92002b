package io.kappamesh.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Measures a pipeline from the end of its warm-up until all of its input is committed. */
public final class PipelineWatch {
    private static final long GLANCE_MILLIS = 5;
    private static final Duration NO_PROGRESS = Duration.ofMinutes(2);

    private PipelineWatch() {}

    /** @param output the topic that the pipeline writes */
    public static Measurement measure(Pipeline pipeline, String output, Job job)
            throws ExecutionException, InterruptedException {
        await(pipeline::taken, pipeline::requireAlive, () -> pipeline.taken() >= job.warmUp());
        try (Commits commits = new Commits(job, pipeline, output)) {
            long already = pipeline.taken();
            Sample begin = Sample.now();
            await(pipeline::taken, pipeline::requireAlive, () -> pipeline.taken() >= job.records());
            while (!commits.reached(job.records())) {
                pipeline.requireAlive();
                TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
            }
            return begin.until(Sample.now(), job.records() - already);
        }
    }

    /**
     * Waits until something is reached.
     *
     * @param progress a number that grows as long as there is hope
     * @param alive throws when there is none
     * @throws IllegalStateException when the number did not grow for two minutes
     */
    public static void await(LongSupplier progress, Runnable alive, BooleanSupplier reached)
            throws InterruptedException {
        long taken = -1;
        long since = System.nanoTime();
        while (!reached.getAsBoolean()) {
            alive.run();
            if (progress.getAsLong() > taken) {
                taken = progress.getAsLong();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > NO_PROGRESS.toNanos()) {
                throw new IllegalStateException("takes no more records after " + taken);
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
    }
}
