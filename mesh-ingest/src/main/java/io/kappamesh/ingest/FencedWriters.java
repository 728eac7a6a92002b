package io.kappamesh.ingest;

import io.kappamesh.brokers.FencedWriter;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.position.IngestTopic;
import io.kappamesh.position.Ingested;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;

/**
 * All writers that a port has or had, with all earlier ones of the same ids fenced. The first id is taken over first: how many others there are was committed under it before
 * any of them wrote, so that none is overlooked, and an ingest that was fenced meanwhile cannot say so any more. One thread.
 */
final class FencedWriters implements AutoCloseable {
    private final IngestOptions<?> options;
    private final RetryPolicy retries;
    private final List<FencedWriter> all = new ArrayList<>();

    private FencedWriters(IngestOptions<?> options, RetryPolicy retries) {
        this.options = options;
        this.retries = retries;
    }

    /**
     * Ends all earlier ingests of the port.
     *
     * @param seen reads what is committed and not hidden behind an open transaction: other writers of an earlier ingest may have some, which began behind the number of
     *     them
     */
    static FencedWriters takeOver(IngestOptions<?> options, RetryPolicy retries, Callable<Ingested> seen)
            throws InterruptedException {
        FencedWriters writers = new FencedWriters(options, retries);
        try {
            int most = options.pace().writers();
            writers.open(0, most);
            int had = retries.await("the brokers, to read how many writers there were", seen)
                    .writers();
            int all = Math.max(most, had);
            for (int number = 1; number < all; number++) {
                writers.open(number, all);
            }
            return writers;
        } catch (InterruptedException | RuntimeException failed) {
            writers.close();
            throw failed;
        }
    }

    /** @param sharing how many share the memory of one */
    private void open(int number, int sharing) throws InterruptedException {
        try {
            all.add(retries.await(
                    "the brokers, to take over the port",
                    () -> FencedWriter.open(
                            options.faults(),
                            options.settings().client(),
                            IngestTopic.id(options.address(), number),
                            options.port().contract().maxRecordBytes(),
                            sharing)));
        } catch (KafkaException failed) {
            throw options.faults().ending(failed);
        }
    }

    /** By number; the first one writes for all what does not belong to one of them. */
    List<FencedWriter> all() {
        return all;
    }

    @Override
    public void close() {
        FencedWriter.closeAll(all);
    }
}
