package io.kappamesh.discovery;

import io.kappamesh.catalog.ProcessState;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.contract.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A product as it stands in the catalogue. An immutable value.
 *
 * @param name {@code sales.orders}
 * @param description what it is; empty = nobody has described it, or the description cannot be read
 * @param processes what those processes run of it that are heard of
 * @param running whether one of its generations is read by somebody: a group of it has members, or, where brokers do not tell, a process is
 *     heard of that runs one
 * @param heardAt when a process of it spoke last; empty = none left a word
 */
public record FoundProduct(
        ProductName name,
        Optional<ProductDescription> description,
        List<ProcessState> processes,
        boolean running,
        Optional<Instant> heardAt) {
    /** In the place of a state: no process runs it. */
    public static final String STOPPED = "STOPPED";

    /** In the place of a state: somebody runs it and says nothing here. */
    public static final String UNHEARD = "UNHEARD";

    private static final List<String> WORKING = List.of("LIVE", "REPLAYING", "PAUSED");

    public FoundProduct {
        processes = List.copyOf(processes);
    }

    /** What runs of it in processes that are heard of, each generation once for each process. */
    public Stream<RunningGeneration> generations() {
        return processes.stream().flatMap(process -> process.generations().stream());
    }

    /** The generation that serves, once for each process that runs it and is heard of. */
    public List<RunningGeneration> serving() {
        return generations().filter(RunningGeneration::isServing).toList();
    }

    /** Where it stands: what processes say of the serving generation, or else of the product; {@link #STOPPED} and {@link #UNHEARD} where none does. */
    public String state() {
        Optional<String> serving =
                serving().stream().map(RunningGeneration::state).findFirst();
        Optional<String> said =
                serving.or(() -> processes.stream().map(ProcessState::state).findFirst());
        if (running) {
            return said.orElse(UNHEARD);
        }
        // One whose group has no member does not work, whatever it said last.
        return said.filter(state -> serving.isEmpty() || !WORKING.contains(state))
                .orElse(STOPPED);
    }
}
