package io.kappamesh.assignment;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody runs the generation that serves. A process that runs another one is asked about it all the same: it is ready when
 * the serving generation runs, wherever that is. Thread-safe.
 */
public final class ServedElsewhere {
    private final ProductName product;
    private volatile @Nullable Seen seen;

    private record Seen(GenerationRecord serving, boolean alive) {}

    ServedElsewhere(ProductName product) {
        this.product = product;
    }

    /**
     * Takes note of what was seen.
     *
     * @param alive the numbers of the generations whose group has members
     */
    void seen(ProductLifecycle now, Set<Integer> alive) {
        seen = now.serving()
                .map(serving -> new Seen(serving, alive.contains(serving.number())))
                .orElse(null);
    }

    /**
     * The status of the serving generation if it does not run here; empty if it does, or if it is not known yet.
     *
     * @param here the generations that run here
     */
    public Optional<ProductStatus> status(Set<Generation> here, Instant since) {
        Seen now = seen;
        if (now == null) {
            return Optional.empty();
        }
        Generation serving = new Generation(product, now.serving().number());
        if (here.contains(serving)) {
            return Optional.empty();
        }
        Optional<String> waitingFor = now.alive()
                ? Optional.empty()
                : Optional.of("a process of build " + now.serving().build() + ": none runs " + serving
                        + ", which serves; start one, or let another generation serve with `promote " + product
                        + " --force`");
        return Optional.of(new ProductStatus(
                product,
                Optional.of(serving),
                Optional.of(Role.SERVING),
                now.alive() ? ProductState.ELSEWHERE : ProductState.WAITING,
                waitingFor,
                Optional.empty(),
                0,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                since,
                now.serving().exemptions()));
    }
}
