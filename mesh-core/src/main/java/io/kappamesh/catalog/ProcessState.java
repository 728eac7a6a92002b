package io.kappamesh.catalog;

import io.kappamesh.contract.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What one process runs of a product, as it said last. An immutable value.
 *
 * @param product {@code sales.orders}
 * @param process a name that no other process has, and that says nothing
 * @param state of the product in this process, as of {@code ProductState}
 * @param startedAt when the process started with it, ISO-8601 in UTC
 * @param everySeconds how often this is written at the least, in seconds
 * @param generations what runs, by number; empty = nothing yet
 */
public record ProcessState(
        String product,
        String process,
        String state,
        String startedAt,
        long everySeconds,
        List<RunningGeneration> generations) {
    private static final int MISSED = 3;

    public ProcessState {
        ProductName unused = ProductName.of(Wire.require(product, "product"));
        Wire.require(process, "process");
        Wire.require(state, "state");
        Wire.require(startedAt, "startedAt");
        generations = Wire.list(generations);
    }

    /** Its product. */
    public ProductName name() {
        return ProductName.of(product);
    }

    /** Whether nothing was heard of the process for three times as long as it promised to speak. */
    public boolean isStale(Instant writtenAt, Instant now) {
        return Duration.between(writtenAt, now).compareTo(Duration.ofSeconds(everySeconds * MISSED)) > 0;
    }

    /** The same without what changes all the time. */
    ProcessState condition() {
        return new ProcessState(
                product,
                process,
                state,
                startedAt,
                everySeconds,
                generations.stream().map(RunningGeneration::condition).toList());
    }
}
