package io.kappamesh.catalog;

import io.kappamesh.level.Counts;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a process has to say of one of its products at a moment. An immutable value.
 *
 * @param description what the product is
 * @param state of the product in this process, as of {@code ProductState}
 * @param startedAt when the process started with it
 * @param generations what runs
 * @param counts what it has counted of the levels of service, by names that nobody else has; empty = nothing yet
 * @param asks whether it has to know what others have counted of them
 */
public record Publication(
        ProductDescription description,
        String state,
        Instant startedAt,
        List<RunningGeneration> generations,
        Map<String, Counts> counts,
        boolean asks) {
    public Publication {
        generations = List.copyOf(generations);
        counts = Map.copyOf(counts);
    }

    /** The same without counts. */
    public Publication(
            ProductDescription description, String state, Instant startedAt, List<RunningGeneration> generations) {
        this(description, state, startedAt, generations, Map.of(), false);
    }

    /** Whether the process runs the generation that serves, and speaks for the product. */
    boolean isServing() {
        return generations.stream().anyMatch(RunningGeneration::isServing);
    }
}
