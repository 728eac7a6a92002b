package io.kappamesh.assignment;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.PortMismatch;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Decides which generations of a product a process runs, from what is decided about the product and from who is alive. Asks nobody: the
 * same facts give the same answer. Two rules keep a generation's results those of one build:
 *
 * <ul>
 *   <li>Only a topology with the same fingerprint can continue state, and only if it publishes the same ports: one that is added would lack its
 *       history, and one that is left out and taken up again what came between. Ports that are retired do not count.
 *   <li>A generation is computed by the build that its record names. Another build with the same fingerprint adopts it only when it is started
 *       and no process is a member of the generation's group; it is recorded before anything is computed.
 * </ul>
 *
 * @param product whose generations they are
 * @param build of this process
 * @param fingerprint of the topology of this build
 * @param outputs the public topics of its ports
 * @param selection what this process was asked to run
 * @param hasStateHere whether a generation has local state in this process's state directory
 */
record Assigner(
        ProductName product,
        String build,
        List<String> fingerprint,
        List<String> outputs,
        Selection selection,
        Predicate<Generation> hasStateHere) {

    Assigner {
        fingerprint = List.copyOf(fingerprint);
        outputs = List.copyOf(outputs);
    }

    /**
     * What to do at start.
     *
     * @param alive the numbers of the generations whose group has members
     */
    Assignment atStart(ProductLifecycle now, Set<Integer> alive) {
        return selection.candidate() ? candidate(now, alive) : ofThisBuild(now, alive);
    }

    /** What of this build is live, so that a process that runs is to run it. */
    List<GenerationRecord> own(ProductLifecycle now) {
        return now.live().stream()
                .filter(this::isOwn)
                .filter(one -> fits(now, one))
                .toList();
    }

    /** Whether a generation that runs here is computed by this build, as far as is decided. */
    boolean isOwn(GenerationRecord generation) {
        return generation.build().equals(build);
    }

    private Assignment ofThisBuild(ProductLifecycle now, Set<Integer> alive) {
        List<GenerationRecord> own = now.live().stream().filter(this::isOwn).toList();
        if (!own.isEmpty()) {
            return run(now, own);
        }
        Optional<GenerationRecord> serving = now.serving();
        if (serving.isPresent()) {
            return continued(now, serving.get(), alive);
        }
        return now.live().isEmpty()
                ? new Assignment.Begin(Role.SERVING)
                : new Assignment.Refuse("no generation serves, although there were some before");
    }

    private Assignment candidate(ProductLifecycle now, Set<Integer> alive) {
        if (now.serving().isEmpty()) {
            return new Assignment.Refuse(
                    "nothing serves yet, so there is nothing to replace; start the domain without replay first");
        }
        if (selection.number().isPresent()) {
            return numbered(now, selection.number().getAsInt(), alive);
        }
        return newest(now.live().stream().filter(this::isOwn).filter(one -> hasStateHere.test(named(one))))
                .or(() -> newest(now.candidates().stream().filter(this::isOwn).filter(one -> !one.served())))
                .map(one -> run(now, List.of(one)))
                .orElseGet(() -> new Assignment.Begin(Role.CANDIDATE));
    }

    private Assignment numbered(ProductLifecycle now, int number, Set<Integer> alive) {
        Optional<GenerationRecord> known = now.generation(number);
        if (known.isEmpty()) {
            return number == now.nextNumber()
                    ? new Assignment.Begin(Role.CANDIDATE)
                    : new Assignment.Refuse(
                            "there is no generation g" + number + "; the next one is g" + now.nextNumber());
        }
        GenerationRecord generation = known.get();
        if (generation.role() == Role.RETIRED) {
            return new Assignment.Refuse("g" + number + " is retired; the next one is g" + now.nextNumber());
        }
        return isOwn(generation) ? run(now, List.of(generation)) : continued(now, generation, alive);
    }

    /** A generation that another build computed so far. */
    private Assignment continued(ProductLifecycle now, GenerationRecord generation, Set<Integer> alive) {
        if (!fits(now, generation)) {
            return misfit(now, generation);
        }
        return alive.contains(generation.number())
                ? new Assignment.Await(generation)
                : new Assignment.Adopt(generation);
    }

    private Assignment run(ProductLifecycle now, List<GenerationRecord> own) {
        return own.stream()
                .filter(one -> !fits(now, one))
                .findFirst()
                .map(one -> misfit(now, one))
                .orElseGet(() -> new Assignment.Run(own));
    }

    private boolean fits(ProductLifecycle now, GenerationRecord generation) {
        return !generation.identified()
                || (hasState(generation)
                        && PortMismatch.of(now, generation, outputs).isEmpty());
    }

    private boolean hasState(GenerationRecord generation) {
        return generation.fingerprint().equals(fingerprint);
    }

    private Assignment misfit(ProductLifecycle now, GenerationRecord generation) {
        return new Assignment.Refuse(
                hasState(generation)
                        ? PortMismatch.of(now, generation, outputs)
                                .orElseThrow()
                                .sentence(product)
                        : otherState(generation));
    }

    private String otherState(GenerationRecord generation) {
        List<String> gone = new ArrayList<>(generation.fingerprint());
        gone.removeAll(fingerprint);
        List<String> added = new ArrayList<>(fingerprint);
        added.removeAll(generation.fingerprint());
        return "this build cannot continue with the state of g" + generation.number()
                + ", which its topology does not fit: it was " + gone + " and is " + added + "; run `replay " + product
                + "` with this build, and promote what comes out";
    }

    private Generation named(GenerationRecord record) {
        return new Generation(product, record.number());
    }

    private static Optional<GenerationRecord> newest(Stream<GenerationRecord> some) {
        return some.max(Comparator.comparingInt(GenerationRecord::number));
    }
}
