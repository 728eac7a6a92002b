package io.kappamesh.assignment;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Who takes part in an exploration, and what they are about to do.
 *
 * @param name for messages
 * @param candidate whether the product begins with a candidate of build b, g2, beside g1 of build a, which serves
 * @param processes which there are; each may be started at any time
 * @param operators what each is going to do, one after the other
 * @param budget how often what is bad luck may happen
 */
record ModelScenario(
        String name, boolean candidate, List<ProcessKind> processes, List<List<Command>> operators, Budget budget) {
    /** The product that is exchanged, and another one of its domain about which something is decided. */
    static final List<ProductName> PRODUCTS = List.of(ProductName.of("shop.x"), ProductName.of("shop.y"));

    private static final List<String> SHAPE = List.of("stores s");

    /** A process: its build, whether it was started with {@code replay}, and whether it runs already in the beginning. */
    record ProcessKind(String build, boolean replay, boolean runs) {
        Selection selection() {
            return replay ? Selection.candidate(OptionalInt.empty()) : Selection.OWN_BUILD;
        }
    }

    /** What an operator does: to the product, or, with {@link Kind#NUDGE}, to the other one. */
    record Command(Kind kind, int generation) {
        static Command of(Kind kind) {
            return new Command(kind, 0);
        }

        int product() {
            return kind == Kind.NUDGE ? 1 : 0;
        }
    }

    enum Kind {
        VERIFY,
        PROMOTE,
        ROLLBACK,
        ABORT,
        RETIRE,
        NUDGE
    }

    /**
     * @param kills of processes and commands
     * @param pauses so long that a process is no member of its group any more
     * @param stops of processes in order
     * @param leases that run out
     */
    record Budget(int kills, int pauses, int stops, int leases) {
        @Override
        public String toString() {
            return kills + " kills, " + pauses + " pauses, " + stops + " stops, " + leases + " leases";
        }
    }

    ProductLifecycle beginning(int product) {
        List<GenerationRecord> generations = new ArrayList<>();
        generations.add(generation(1, Role.SERVING, "a"));
        if (product == 0 && candidate) {
            generations.add(generation(2, Role.CANDIDATE, "b"));
        }
        return new ProductLifecycle(PRODUCTS.get(product).toString(), generations, null);
    }

    private static GenerationRecord generation(int number, Role role, String build) {
        return GenerationRecord.begun(
                number,
                role,
                Computation.of(build, SHAPE, List.of()),
                new PortTopics(List.of(), List.of()),
                History.upTo(Map.of(), "2026-01-01T00:00:00Z"));
    }

    Assigner assigner(int process, List<Integer> ran) {
        ProcessKind kind = processes.get(process);
        return new Assigner(
                PRODUCTS.get(0),
                kind.build(),
                SHAPE,
                List.of(),
                kind.selection(),
                generation -> ran.contains(generation.number()));
    }

    @Override
    public String toString() {
        return name;
    }
}
