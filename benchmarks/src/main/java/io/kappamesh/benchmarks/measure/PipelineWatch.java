package io.kappamesh.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Measures a pipeline from the end of its warm-up until all of its input is committed. */
public final class PipelineWatch {
    private static final long GLANCE_MILLIS = 5;
    private static final Duration NO_PROGRESS = Duration.ofMinutes(2);

    private PipelineWatch() {}

    /** @param output the topic that the pipeline writes */
    public static Measurement measure(Pipeline pipeline, String output, Job job)
            throws ExecutionException, InterruptedException {
        await(pipeline, () -> pipeline.taken() >= job.warmUp());
        try (Commits commits = new Commits(job, pipeline, output)) {
            long already = pipeline.taken();
            Sample begin = Sample.now();
            await(pipeline, () -> pipeline.taken() >= job.records());
            while (!commits.reached(job.records())) {
                pipeline.requireAlive();
                TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
            }
            return begin.until(Sample.now(), job.records() - already);
        }
    }

    private static void await(Pipeline pipeline, BooleanSupplier reached) throws InterruptedException {
        long taken = -1;
        long since = System.nanoTime();
        while (!reached.getAsBoolean()) {
            pipeline.requireAlive();
            if (pipeline.taken() > taken) {
                taken = pipeline.taken();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > NO_PROGRESS.toNanos()) {
                throw new IllegalStateException("takes no more records after " + taken);
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
    }
}
