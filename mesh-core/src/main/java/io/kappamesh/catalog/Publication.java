package io.kappamesh.catalog;

import io.kappamesh.level.Counts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a process has to say of one of its products at a moment. An immutable value.
 *
 * @param description what the product is
 * @param state of the product in this process, as of {@code ProductState}
 * @param startedAt when the process started with it
 * @param generations what runs
 * @param counts what it has counted of the levels of service; empty = nothing yet
 */
public record Publication(
        ProductDescription description,
        String state,
        Instant startedAt,
        List<RunningGeneration> generations,
        Optional<Counts> counts) {
    public Publication {
        generations = List.copyOf(generations);
    }

    /** The same without counts. */
    public Publication(
            ProductDescription description, String state, Instant startedAt, List<RunningGeneration> generations) {
        this(description, state, startedAt, generations, Optional.empty());
    }

    /** Whether the process runs the generation that serves, and speaks for the product. */
    boolean isServing() {
        return generations.stream().anyMatch(RunningGeneration::isServing);
    }
}
