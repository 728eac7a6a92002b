package io.kappamesh.benchmarks.arm;

import io.kappamesh.sales.SalesPorts;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Measures a pipeline from the end of its warm-up until all of its input is committed. */
final class PipelineWatch {
    private static final long GLANCE_MILLIS = 5;
    private static final Duration NO_PROGRESS = Duration.ofMinutes(2);

    private PipelineWatch() {}

    static Measurement measure(Pipeline pipeline, Job job) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, job.bootstrapServers()))) {
            await(pipeline, () -> pipeline.taken() >= job.warmUp());
            long already = pipeline.taken();
            Sample begin = Sample.now();
            await(pipeline, () -> pipeline.taken() >= job.records());
            while (committed(admin, pipeline.group()) < job.records()) {
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

    /** Records of the source that are committed: it was written without transactions, so that offsets count records. */
    private static long committed(Admin admin, String group) throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(SalesPorts.ORDER_EVENTS.topic()))
                .mapToLong(entry -> entry.getValue().offset())
                .sum();
    }
}
