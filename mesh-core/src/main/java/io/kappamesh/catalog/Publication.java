package io.kappamesh.catalog;

import java.time.Instant;
import java.util.List;

/**
 * What a process has to say of one of its products at a moment. An immutable value.
 *
 * @param description what the product is
 * @param state of the product in this process, as of {@code ProductState}
 * @param startedAt when the process started with it
 * @param generations what runs
 */
public record Publication(
        ProductDescription description, String state, Instant startedAt, List<RunningGeneration> generations) {
    public Publication {
        generations = List.copyOf(generations);
    }

    /** Whether the process runs the generation that serves, and speaks for the product. */
    boolean isServing() {
        return generations.stream().anyMatch(RunningGeneration::isServing);
    }
}
