package io.kappamesh.runtime;

import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlView;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.control.Generation;
import io.kappamesh.control.GenerationRecord;
import io.kappamesh.control.ProductLifecycle;
import io.kappamesh.control.Role;
import io.kappamesh.control.TakenOverException;
import io.kappamesh.control.TopicEnds;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which generations of a product this process runs, and begins one where that is asked for: the first one ever, or a
 * candidate. State is continued by the shape that it was built by, and by no other. One thread at a time.
 */
final class Generations {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
    private static final long TO_READ_SECONDS = 10;

    private final ReadyProduct ready;
    private final ProductName product;
    private final Selection selection;
    private final Platform platform;
    private final ControlView control;
    private final Patience patience;
    private final Clock clock;

    Generations(
            ReadyProduct ready,
            Selection selection,
            Platform platform,
            ControlView control,
            Patience patience,
            Clock clock) {
        this.ready = ready;
        this.product = ready.streaming().product().name();
        this.selection = selection;
        this.platform = platform;
        this.control = control;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * What to run at start; not empty.
     *
     * @throws StartupException {@link ExitCode#CONTRACT} when there is nothing that this build can run
     */
    List<Generation> atStart() throws InterruptedException {
        ProductLifecycle now = now();
        while (true) {
            List<GenerationRecord> chosen = selection.candidate() ? candidate(now) : ofOwnBuild(now);
            if (!chosen.isEmpty()) {
                return chosen.stream().map(this::named).toList();
            }
            now = begin(selection.candidate() ? Role.CANDIDATE : Role.SERVING);
        }
    }

    /** What was begun since for processes like this one to run. */
    List<Generation> begunSince(ProductLifecycle now) {
        return selection.candidate()
                ? List.of()
                : now.live().stream()
                        .filter(this::isOwn)
                        .filter(one -> one.shape().equals(ready.shape()))
                        .map(this::named)
                        .toList();
    }

    private ProductLifecycle now() throws InterruptedException {
        return patience.await("what is decided in " + product.domain(), () -> {
            try {
                control.refresh().get(TO_READ_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException away) {
                throw new org.apache.kafka.common.errors.TimeoutException("the control topic cannot be read", away);
            }
            return control.lifecycle(product).orElse(ProductLifecycle.empty(product));
        });
    }

    /** All of this build; or, with a warning, what serves, if this build can go on with its state. */
    private List<GenerationRecord> ofOwnBuild(ProductLifecycle now) {
        List<GenerationRecord> own = now.live().stream().filter(this::isOwn).toList();
        own.forEach(this::requireShape);
        Optional<GenerationRecord> serving = now.serving();
        if (!own.isEmpty() || serving.isEmpty()) {
            return own;
        }
        requireShape(serving.get());
        warnAboutBuild(serving.get());
        return List.of(serving.get());
    }

    private List<GenerationRecord> candidate(ProductLifecycle now) {
        if (now.serving().isEmpty()) {
            throw refused("nothing serves yet, so there is nothing to replace; start the domain without replay first");
        }
        if (selection.number().isEmpty()) {
            return newest(now.live().stream().filter(this::isOwn).filter(this::wasRunHere))
                    .or(() ->
                            newest(now.candidates().stream().filter(this::isOwn).filter(one -> !one.served())))
                    .map(List::of)
                    .orElse(List.of());
        }
        int number = selection.number().getAsInt();
        Optional<GenerationRecord> known = now.generation(number);
        if (known.isEmpty() && number != now.nextNumber()) {
            throw refused("there is no generation g" + number + "; the next one is g" + now.nextNumber());
        }
        known.ifPresent(one -> {
            if (one.role() == Role.RETIRED) {
                throw refused("g" + number + " is retired; the next one is g" + now.nextNumber());
            }
            requireShape(one);
            if (!isOwn(one)) {
                warnAboutBuild(one);
            }
        });
        return known.map(List::of).orElse(List.of());
    }

    /** Begins the next generation, unless somebody else was faster; returns what is decided then. */
    private ProductLifecycle begin(Role role) throws InterruptedException {
        Map<TopicPartition, Long> goal = patience.await(
                "the brokers, to tell how long the history is",
                () -> TopicEnds.committed(platform.admin(), ready.partitions().keySet()));
        return patience.await("the brokers, to begin a generation", () -> {
            try (ControlWriter writer =
                    ControlWriter.take(product, platform.settings().client())) {
                ProductLifecycle before = writer.current();
                boolean wanted = role == Role.SERVING
                        ? before.generations().isEmpty()
                        : candidate(before).isEmpty();
                if (!wanted) {
                    return before;
                }
                LOG.info("Beginning {}.g{} as {}", product, before.nextNumber(), role);
                return writer.decide(now -> now.with(GenerationRecord.begun(
                        now.nextNumber(),
                        role,
                        ready.build(),
                        ready.shape(),
                        List.copyOf(ready.partitions().keySet()),
                        ready.outputs(),
                        goal,
                        clock.instant().toString(),
                        ready.streaming().product().exemptions())));
            } catch (TakenOverException somebodyElse) {
                throw new ConcurrentTransactionsException("another process decides at this moment");
            }
        });
    }

    private static Optional<GenerationRecord> newest(Stream<GenerationRecord> some) {
        return some.max(Comparator.comparingInt(GenerationRecord::number));
    }

    /** A process that is started again goes on with what it ran, also if that was promoted since. */
    private boolean wasRunHere(GenerationRecord generation) {
        return Files.isDirectory(
                platform.settings().stateDir().resolve(named(generation).applicationId()));
    }

    private boolean isOwn(GenerationRecord generation) {
        return generation.build().equals(ready.build());
    }

    private void warnAboutBuild(GenerationRecord generation) {
        LOG.warn(
                "{} was computed by build {} so far; build {} goes on with its state. What it computes differently holds from now on "
                        + "only; `replay {}` recomputes the history",
                named(generation),
                generation.build(),
                ready.build(),
                product);
    }

    private void requireShape(GenerationRecord generation) {
        if (generation.shape().equals(ready.shape())) {
            return;
        }
        List<String> gone = new ArrayList<>(generation.shape());
        gone.removeAll(ready.shape());
        List<String> added = new ArrayList<>(ready.shape());
        added.removeAll(generation.shape());
        throw refused("this build cannot go on with the state of g" + generation.number()
                + ", which its topology does not fit: it was " + gone + " and is " + added + "; run `replay " + product
                + "` with this build, and promote what comes out");
    }

    private StartupException refused(String why) {
        return new StartupException(ExitCode.CONTRACT, List.of("product " + product + ": " + why));
    }

    private Generation named(GenerationRecord record) {
        return new Generation(product, record.number());
    }
}
