package io.kappamesh.assignment;

import io.kappamesh.assignment.ModelScenario.Budget;
import io.kappamesh.assignment.ModelScenario.Command;
import io.kappamesh.assignment.ModelScenario.Kind;
import io.kappamesh.contract.ProductName;
import io.kappamesh.gate.CutGate;
import io.kappamesh.gate.Throttle;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Cut.Afterwards;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.Health;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A moment of an exchange of generations: the control log with its open transactions, commands and processes at some step of theirs, the
 * members of groups. Decisions are made by the real {@link Assigner}, {@link CutGate}, {@link ProductLifecycle} and {@link Health};
 * what they are told is of here. {@link #steps()} gives everything that may happen next.
 *
 * <p>Whatever can be late is late: each process reads the log one entry at a time, and every step of everybody is one of its own, between
 * which anybody may be killed or sleep.
 */
final class ModelState {
    private static final int EXCHANGED = 0;
    private static final String PUBLIC = "public";
    /** Two builds that are started together could adopt in turn forever; so many times show all there is to see. */
    private static final int ADOPTIONS = 3;

    /** Something that may happen, and what comes of it. */
    record Step(String label, ModelState next) {}

    private enum Written {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** A control record: {@code base} is what its writer believed to hold before. */
    private record Entry(int product, ModelLifecycle decided, ModelLifecycle base, String writer, Written written) {
        Entry as(Written other) {
            return new Entry(product, decided, base, writer, other);
        }
    }

    private enum At {
        FENCE,
        READ,
        CLEAR,
        CLEARED,
        CUT,
        CUT_DECIDED,
        STAND,
        APPLY,
        APPLIED,
        DELETE
    }

    /** A command at work: {@code next} is the one of its script that is at work, {@code retiring} what it deletes in the end. */
    private record Operator(int next, At at, @Nullable ModelLifecycle known, int retiring, boolean dead) {
        static final Operator BEGINS = new Operator(0, At.FENCE, null, 0, false);

        Operator at(At other) {
            return new Operator(next, other, known, retiring, dead);
        }

        Operator knowing(ModelLifecycle now, At other) {
            return new Operator(next, other, now, retiring, dead);
        }

        Operator retiring(int number, At other) {
            return new Operator(next, other, known, number, dead);
        }

        Operator over() {
            return new Operator(next + 1, At.FENCE, null, 0, dead);
        }

        Operator killed() {
            return new Operator(next, at, known, retiring, true);
        }
    }

    /**
     * A process: how many entries of the log it has seen, and what it makes of them; the generations that it runs, those of whose control
     * records it has read everything since the last rebalance, and where what is under way is going to be written.
     */
    private record Proc(
            boolean up,
            boolean assigned,
            boolean adopting,
            int seen,
            ModelLifecycle view,
            Set<Integer> runs,
            Set<Integer> ran,
            Set<Integer> fresh,
            Map<Integer, String> underWay) {}

    private final ModelScenario scenario;
    private final ModelRules rules;
    private final List<List<Entry>> logs;
    private final List<ModelLifecycle> floors;
    private final List<ModelLifecycle> truth;
    private final List<String> holders;
    private final List<Operator> operators;
    private final List<Proc> processes;
    private final Map<Integer, Set<Integer>> members;
    /** Orders to pause whose lease is over. */
    private final Set<String> expired;
    /** Generations of which the build in their record has written something since it was theirs. */
    private final Set<Integer> taken;

    private Budget budget;
    private @Nullable String violation;

    private ModelState(ModelScenario scenario, ModelRules rules) {
        this.scenario = scenario;
        this.rules = rules;
        this.logs = new ArrayList<>(List.of(List.of(), List.of()));
        this.floors = new ArrayList<>(
                List.of(ModelLifecycle.of(scenario.beginning(0)), ModelLifecycle.of(scenario.beginning(1))));
        this.truth = new ArrayList<>(floors);
        this.holders = new ArrayList<>(List.of("", ""));
        this.operators = new ArrayList<>();
        scenario.operators().forEach(script -> operators.add(Operator.BEGINS));
        this.processes = new ArrayList<>();
        scenario.processes()
                .forEach(kind -> processes.add(
                        new Proc(false, false, false, 0, floors.get(0), Set.of(), Set.of(), Set.of(), Map.of())));
        this.members = new TreeMap<>();
        this.expired = new TreeSet<>();
        this.taken = new TreeSet<>();
        this.budget = scenario.budget();
    }

    private ModelState(ModelState other) {
        this.scenario = other.scenario;
        this.rules = other.rules;
        this.logs = new ArrayList<>(other.logs);
        this.floors = new ArrayList<>(other.floors);
        this.truth = new ArrayList<>(other.truth);
        this.holders = new ArrayList<>(other.holders);
        this.operators = new ArrayList<>(other.operators);
        this.processes = new ArrayList<>(other.processes);
        this.members = new TreeMap<>(other.members);
        this.expired = new TreeSet<>(other.expired);
        this.taken = new TreeSet<>(other.taken);
        this.budget = other.budget;
    }

    static ModelState begin(ModelScenario scenario, ModelRules rules) {
        ModelState state = new ModelState(scenario, rules);
        for (int p = 0; p < scenario.processes().size(); p++) {
            if (scenario.processes().get(p).runs()) {
                String me = "process" + p;
                state = state.after(me + " starts").after(me + " joins");
            }
        }
        for (int p = 0; p < scenario.processes().size(); p++) {
            for (int generation : state.processes.get(p).runs()) {
                state = state.after("process" + p + " knows what is decided about g" + generation);
            }
        }
        return state;
    }

    private ModelState after(String label) {
        return steps().stream()
                .filter(step -> step.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(label + " is none of " + steps()))
                .next();
    }

    /** What must never be, and is; empty = nothing. */
    Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    /** Whether somebody serves, and does not have to pause: an order whose lease is over may be there still. */
    boolean isGood() {
        ProductLifecycle now = truth.get(EXCHANGED).value();
        int serving = now.serving().map(GenerationRecord::number).orElse(0);
        for (int p = 0; p < processes.size(); p++) {
            Proc process = processes.get(p);
            if (process.up()
                    && gate(p, serving).order() == null
                    && process.view().equals(truth.get(EXCHANGED))
                    && process.fresh().contains(serving)
                    && isMember(p, serving)
                    && isOpen(p, serving)) {
                return true;
            }
        }
        return false;
    }

    /** Everything that may happen next. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int o = 0; o < operators.size(); o++) {
            operatorSteps(o, steps);
        }
        for (int p = 0; p < processes.size(); p++) {
            processSteps(p, steps);
        }
        return steps;
    }

    // ---- commands

    private void operatorSteps(int o, List<Step> steps) {
        Operator operator = operators.get(o);
        List<Command> script = scenario.operators().get(o);
        String me = "operator" + o;
        if (operator.dead()) {
            // The brokers' own time-out of what a dead writer left open.
            boolean open = logs.stream()
                    .flatMap(List::stream)
                    .anyMatch(entry ->
                            entry.written() == Written.OPEN && entry.writer().equals(me));
            if (open) {
                steps.add(step(
                        me + " times out",
                        next -> next.abortOpen(entry -> entry.writer().equals(me))));
            }
            return;
        }
        if (operator.next() >= script.size()) {
            return;
        }
        Command command = script.get(operator.next());
        String label = me + " " + command.kind() + " " + operator.at();
        ModelState next = copy();
        if (next.work(o, operator, command, me)) {
            steps.add(new Step(label, next.settled()));
        }
        if (budget.kills() > 0) {
            steps.add(step(me + " is killed", killed -> {
                killed.operators.set(o, operator.killed());
                killed.spend(1, 0, 0, 0);
            }));
        }
    }

    /** One step of a command; false = it has to wait. */
    private boolean work(int o, Operator operator, Command command, String me) {
        int product = command.product();
        boolean mine = holders.get(product).equals(me);
        if (operator.at() == At.FENCE) {
            fence(product, me);
            operators.set(o, operator.at(At.READ));
            return true;
        }
        if (operator.at() == At.READ) {
            if (rules.completeReads() && hasOpen(product)) {
                return false;
            }
            ModelLifecycle known = readable(product);
            operators.set(o, operator.knowing(known, known.value().cut() != null ? At.CLEAR : first(command)));
            return true;
        }
        if (operator.at() == At.DELETE) {
            return delete(o, operator);
        }
        if (!mine) {
            operators.set(o, operator.over());
            return true;
        }
        ProductLifecycle known = known(operator);
        switch (operator.at()) {
            case CLEAR -> append(product, known.cut(null), known, me, o, operator.at(At.CLEARED));
            case CLEARED -> commit(product, me, o, operator, first(command));
            case CUT -> {
                Optional<int[]> pair = pair(known, command.kind());
                if (pair.isEmpty()) {
                    operators.set(o, operator.over());
                } else {
                    Cut cut = Cut.freeze(
                            me + "/" + operator.next(),
                            List.of(pair.get()[0], pair.get()[1]),
                            Duration.ofMinutes(5),
                            command.kind() == Kind.VERIFY ? Afterwards.GO_ON : Afterwards.TAKE_OVER,
                            Instant.EPOCH);
                    append(product, known.cut(cut), known, me, o, operator.at(At.CUT_DECIDED));
                }
            }
            case CUT_DECIDED -> commit(product, me, o, operator, At.STAND);
            case STAND -> {
                if (!allStand(known)) {
                    return false;
                }
                operators.set(o, operator.at(At.APPLY));
            }
            case APPLY -> apply(o, operator, command, me, known);
            case APPLIED -> commit(product, me, o, operator, operator.retiring() > 0 ? At.DELETE : null);
            default -> throw new IllegalStateException(String.valueOf(operator.at()));
        }
        return true;
    }

    private static At first(Command command) {
        return switch (command.kind()) {
            case VERIFY, PROMOTE, ROLLBACK -> At.CUT;
            case ABORT, RETIRE, NUDGE -> At.APPLY;
        };
    }

    private void apply(int o, Operator operator, Command command, String me, ProductLifecycle known) {
        int product = command.product();
        switch (command.kind()) {
            case VERIFY -> append(product, known.cut(null), known, me, o, operator.at(At.APPLIED));
            case PROMOTE, ROLLBACK -> {
                int[] pair = pair(known, command.kind()).orElseThrow();
                append(product, known.promoted(pair[0], pair[1]), known, me, o, operator.at(At.APPLIED));
            }
            case ABORT ->
                known.underWay()
                        .ifPresentOrElse(
                                one -> append(
                                        product,
                                        known.change(one.number(), now -> now.as(Role.RETIRED))
                                                .cut(null),
                                        known,
                                        me,
                                        o,
                                        operator.retiring(one.number(), At.APPLIED)),
                                () -> operators.set(o, operator.over()));
            case RETIRE -> {
                boolean retirable = known.role(command.generation()).equals(Optional.of(Role.CANDIDATE));
                if (retirable) {
                    append(
                            product,
                            known.change(command.generation(), now -> now.as(Role.RETIRED)),
                            known,
                            me,
                            o,
                            operator.retiring(command.generation(), At.APPLIED));
                } else {
                    operators.set(o, operator.over());
                }
            }
            case NUDGE ->
                append(product, known.change(1, one -> one.replayedAt(1)), known, me, o, operator.at(At.APPLIED));
        }
    }

    /** The number of the serving generation and of what may replace it. */
    private static Optional<int[]> pair(ProductLifecycle known, Kind kind) {
        int serving = known.serving().map(GenerationRecord::number).orElse(0);
        return known.candidates().stream()
                .map(GenerationRecord::number)
                .filter(number -> kind == Kind.ROLLBACK ? number < serving : number > serving)
                .max(Integer::compare)
                .map(number -> new int[] {serving, number});
    }

    private boolean delete(int o, Operator operator) {
        int number = operator.retiring();
        if (!members.getOrDefault(number, Set.of()).isEmpty()) {
            return false;
        }
        if (truth.get(EXCHANGED).value().role(number).equals(Optional.of(Role.SERVING))) {
            violation = "g" + number + " serves, and its topics are deleted";
        }
        operators.set(o, operator.over());
        return true;
    }

    /** Whether every member of the generations of the cut has said that it stands, and nothing of theirs is under way. */
    private boolean allStand(ProductLifecycle known) {
        Cut cut = known.cut();
        if (cut == null) {
            return false;
        }
        for (int generation : cut.generations()) {
            Set<Integer> all = members.getOrDefault(generation, Set.of());
            if (all.isEmpty()) {
                return false;
            }
            for (int p : all) {
                Proc process = processes.get(p);
                CutGate.Order order = process.up() ? gate(p, generation).order() : null;
                if (order == null
                        || !order.cut().equals(cut.id())
                        || !process.fresh().contains(generation)
                        || process.underWay().containsKey(generation)) {
                    return false;
                }
            }
        }
        return true;
    }

    // ---- the log

    private int partition(int product) {
        return rules.topicPerProduct() ? product : 0;
    }

    private void fence(int product, String me) {
        abortOpen(entry -> entry.product() == product);
        holders.set(product, me);
    }

    private void abortOpen(java.util.function.Predicate<Entry> which) {
        logs.replaceAll(log -> log.stream()
                .map(entry -> entry.written() == Written.OPEN && which.test(entry) ? entry.as(Written.ABORTED) : entry)
                .toList());
    }

    private boolean hasOpen(int product) {
        return logs.get(partition(product)).stream().anyMatch(entry -> entry.written() == Written.OPEN);
    }

    /** How many entries can be read: up to the first whose transaction is open. */
    private int stable(int product) {
        List<Entry> log = logs.get(partition(product));
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).written() == Written.OPEN) {
                return i;
            }
        }
        return log.size();
    }

    private ModelLifecycle readable(int product) {
        return readable(product, stable(product));
    }

    private ModelLifecycle readable(int product, int entries) {
        ModelLifecycle found = floors.get(product);
        for (Entry entry : logs.get(partition(product)).subList(0, entries)) {
            if (entry.product() == product && entry.written() == Written.COMMITTED) {
                found = entry.decided();
            }
        }
        return found;
    }

    private void append(int product, ProductLifecycle decided, ProductLifecycle base, String me, int o, Operator then) {
        write(product, decided, base, me);
        operators.set(o, then);
    }

    private void write(int product, ProductLifecycle decided, ProductLifecycle base, String me) {
        List<Entry> log = new ArrayList<>(logs.get(partition(product)));
        log.add(new Entry(product, ModelLifecycle.of(decided), ModelLifecycle.of(base), me, Written.OPEN));
        logs.set(partition(product), List.copyOf(log));
    }

    private void commit(int product, String me, int o, Operator operator, @Nullable At then) {
        ModelLifecycle decided = committed(product, me);
        if (decided == null || then == null) {
            operators.set(o, operator.over());
        } else {
            operators.set(o, operator.knowing(decided, then));
        }
    }

    /** Commits what a writer has written; null = it was fenced before. */
    private @Nullable ModelLifecycle committed(int product, String me) {
        List<Entry> log = new ArrayList<>(logs.get(partition(product)));
        for (int i = 0; i < log.size(); i++) {
            Entry entry = log.get(i);
            if (entry.written() == Written.OPEN && entry.writer().equals(me) && entry.product() == product) {
                log.set(i, entry.as(Written.COMMITTED));
                logs.set(partition(product), List.copyOf(log));
                if (!entry.base().equals(truth.get(product))) {
                    violation = "a decision about " + ModelScenario.PRODUCTS.get(product)
                            + " was made from what did not hold any more, and another one is lost";
                }
                adoptions(truth.get(product).value(), entry.decided().value());
                truth.set(product, entry.decided());
                return entry.decided();
            }
        }
        return null;
    }

    private void adoptions(ProductLifecycle before, ProductLifecycle after) {
        for (GenerationRecord one : after.generations()) {
            boolean same = before.generation(one.number())
                    .filter(former -> former.build().equals(one.build()))
                    .isPresent();
            if (!same) {
                taken.remove(one.number());
            }
        }
    }

    // ---- processes

    private void processSteps(int p, List<Step> steps) {
        Proc process = processes.get(p);
        String me = "process" + p;
        if (!process.up()) {
            steps.add(step(me + " starts", next -> next.start(p)));
            for (int generation : members.keySet()) {
                if (isMember(p, generation)) {
                    steps.add(step(me + " is missed in g" + generation, next -> next.leave(p, generation)));
                }
            }
            return;
        }
        if (budget.kills() > 0) {
            steps.add(step(me + " is killed", next -> {
                next.end(p);
                next.spend(1, 0, 0, 0);
            }));
        }
        if (budget.stops() > 0) {
            steps.add(step(me + " stops", next -> {
                List.copyOf(members.keySet()).forEach(generation -> next.leave(p, generation));
                next.end(p);
                next.spend(0, 0, 1, 0);
            }));
        }
        if (!process.assigned()) {
            assign(p, process, me, steps);
        }
        if (process.seen() < stable(EXCHANGED)) {
            steps.add(step(me + " reads", next -> next.read(p, process.seen() + 1)));
        }
        for (int generation : process.runs()) {
            generationSteps(p, process, generation, me, steps);
        }
        takeOver(process, me, steps);
    }

    private void start(int p) {
        Proc process = processes.get(p);
        int seen = stable(EXCHANGED);
        processes.set(
                p,
                new Proc(
                        true,
                        false,
                        false,
                        seen,
                        readable(EXCHANGED, seen),
                        Set.of(),
                        process.ran(),
                        Set.of(),
                        Map.of()));
    }

    private void end(int p) {
        Proc process = processes.get(p);
        processes.set(p, new Proc(false, false, false, 0, floors.get(0), Set.of(), process.ran(), Set.of(), Map.of()));
    }

    private void assign(int p, Proc process, String me, List<Step> steps) {
        if (process.adopting()) {
            steps.add(step(me + " has adopted", next -> {
                next.committed(EXCHANGED, me);
                next.set(p, next.processes.get(p), false, false);
            }));
            return;
        }
        if (rules.completeReads() && hasOpen(EXCHANGED)) {
            // Whoever starts and cannot read to the end takes the decisions upon itself, which ends what is open.
            steps.add(step(me + " frees the log", next -> next.fence(EXCHANGED, me)));
            return;
        }
        ProductLifecycle now = readable(EXCHANGED).value();
        Set<Integer> alive = new HashSet<>();
        members.forEach((generation, who) -> {
            if (!who.isEmpty()) {
                alive.add(generation);
            }
        });
        Assignment assignment = scenario.assigner(p, List.copyOf(process.ran())).atStart(now, alive);
        if (!rules.oneBuild()) {
            assignment = asItWas(assignment);
        }
        if (assignment instanceof Assignment.Run run) {
            steps.add(step(me + " joins", next -> {
                next.read(p, next.stable(EXCHANGED));
                next.set(p, next.processes.get(p), true, false);
                run.generations().forEach(one -> next.join(p, one.number()));
            }));
        } else if (assignment instanceof Assignment.Adopt adopt
                && adopt.generation().computation().adoptions().size() < ADOPTIONS) {
            int number = adopt.generation().number();
            steps.add(step(me + " adopts g" + number, next -> {
                next.fence(EXCHANGED, me);
                if (next.hasOpen(EXCHANGED)) {
                    return;
                }
                ProductLifecycle known = next.readable(EXCHANGED).value();
                String build = scenario.processes().get(p).build();
                next.write(EXCHANGED, known.adopted(number, build, "2026-01-02T00:00:00Z"), known, me);
                next.set(p, next.processes.get(p), false, true);
            }));
        }
    }

    /** Whoever found another build joined it, with a warning. */
    private static Assignment asItWas(Assignment assignment) {
        if (assignment instanceof Assignment.Adopt adopt) {
            return new Assignment.Run(List.of(adopt.generation()));
        }
        return assignment instanceof Assignment.Await await
                ? new Assignment.Run(List.of(await.generation()))
                : assignment;
    }

    private void set(int p, Proc process, boolean assigned, boolean adopting) {
        processes.set(
                p,
                new Proc(
                        process.up(),
                        assigned,
                        adopting,
                        process.seen(),
                        process.view(),
                        process.runs(),
                        process.ran(),
                        process.fresh(),
                        process.underWay()));
    }

    private void read(int p, int upTo) {
        Proc process = processes.get(p);
        processes.set(
                p,
                new Proc(
                        true,
                        process.assigned(),
                        process.adopting(),
                        upTo,
                        readable(EXCHANGED, upTo),
                        process.runs(),
                        process.ran(),
                        process.fresh(),
                        process.underWay()));
    }

    private void join(int p, int generation) {
        rebalance(generation);
        Set<Integer> all = new TreeSet<>(members.getOrDefault(generation, Set.of()));
        all.add(p);
        members.put(generation, all);
        Proc process = processes.get(p);
        processes.set(
                p,
                with(
                        process,
                        plus(process.runs(), generation),
                        minus(process.fresh(), generation),
                        process.underWay()));
    }

    /** Out of its group, by its own will or because it was not heard of; what it has under way can be committed no more. */
    private void leave(int p, int generation) {
        Set<Integer> all = new TreeSet<>(members.getOrDefault(generation, Set.of()));
        if (all.remove(p)) {
            members.put(generation, all);
            rebalance(generation);
        }
        Proc process = processes.get(p);
        Map<Integer, String> underWay = new TreeMap<>(process.underWay());
        underWay.remove(generation);
        processes.set(p, with(process, process.runs(), minus(process.fresh(), generation), underWay));
    }

    private void rebalance(int generation) {
        for (int p : members.getOrDefault(generation, Set.of())) {
            Proc process = processes.get(p);
            processes.set(p, with(process, process.runs(), minus(process.fresh(), generation), process.underWay()));
        }
    }

    private static Proc with(Proc process, Set<Integer> runs, Set<Integer> fresh, Map<Integer, String> underWay) {
        return new Proc(
                process.up(),
                process.assigned(),
                process.adopting(),
                process.seen(),
                process.view(),
                runs,
                union(process.ran(), runs),
                fresh,
                underWay);
    }

    private void generationSteps(int p, Proc process, int generation, String me, List<Step> steps) {
        String of = " g" + generation;
        if (!isMember(p, generation)) {
            steps.add(step(me + " comes back to" + of, next -> next.join(p, generation)));
        } else if (budget.pauses() > 0) {
            steps.add(step(me + " sleeps too long for" + of, next -> {
                next.leave(p, generation);
                next.spend(0, 1, 0, 0);
            }));
        }
        Optional<GenerationRecord> record = process.view().value().generation(generation);
        boolean retired = record.filter(one -> one.role() == Role.RETIRED).isPresent();
        boolean foreign = rules.oneBuild()
                && record.filter(one -> !scenario.assigner(p, List.of()).isOwn(one))
                        .isPresent();
        if (retired || foreign) {
            steps.add(step(me + " ends" + of, next -> {
                next.leave(p, generation);
                Proc left = next.processes.get(p);
                next.processes.set(p, with(left, minus(left.runs(), generation), left.fresh(), left.underWay()));
            }));
            return;
        }
        if (!isMember(p, generation)) {
            return;
        }
        if (!process.fresh().contains(generation)) {
            if (!rules.completeReads() || !hasOpen(EXCHANGED)) {
                steps.add(step(me + " knows what is decided about" + of, next -> {
                    next.read(p, next.stable(EXCHANGED));
                    Proc now = next.processes.get(p);
                    next.processes.set(p, with(now, now.runs(), plus(now.fresh(), generation), now.underWay()));
                }));
            }
            return;
        }
        if (process.underWay().containsKey(generation)) {
            steps.add(step(me + " commits" + of, next -> next.publish(p, generation)));
        } else if (isOpen(p, generation)
                && gate(p, generation).order() == null
                && gate(p, generation).of(PUBLIC).equals(PUBLIC)) {
            // What goes to a shadow is seen by nobody.
            steps.add(step(me + " lets in" + of, next -> {
                Map<Integer, String> underWay = new TreeMap<>(process.underWay());
                underWay.put(generation, PUBLIC);
                next.processes.set(p, with(process, process.runs(), process.fresh(), underWay));
            }));
        }
    }

    /** What was let in is committed where it was going to be written. */
    private void publish(int p, int generation) {
        Proc process = processes.get(p);
        String to = String.valueOf(process.underWay().get(generation));
        Map<Integer, String> underWay = new TreeMap<>(process.underWay());
        underWay.remove(generation);
        processes.set(p, with(process, process.runs(), process.fresh(), underWay));
        ProductLifecycle now = truth.get(EXCHANGED).value();
        String build = scenario.processes().get(p).build();
        if (to.equals(PUBLIC) && !now.role(generation).equals(Optional.of(Role.SERVING))) {
            violation = "g" + generation + " writes the public topic and does not serve";
        }
        String owner = now.generation(generation).map(GenerationRecord::build).orElse("");
        if (owner.equals(build)) {
            taken.add(generation);
        } else if (taken.contains(generation)) {
            violation = "g" + generation + " is of build " + owner + ", and build " + build + " writes in between";
        }
    }

    /** Leases run out when their command is dead, and, if that is in the budget, while it is at work. */
    private void takeOver(Proc process, String me, List<Step> steps) {
        Cut cut = process.view().value().cut();
        if (cut == null || expired.contains(cut.id())) {
            return;
        }
        boolean abandoned = isAbandoned(cut);
        if (!abandoned && budget.leases() == 0) {
            return;
        }
        if (cut.afterwards() == Afterwards.GO_ON) {
            steps.add(step("the lease of " + cut.id() + " runs out", next -> {
                next.spend(0, 0, 0, abandoned ? 0 : 1);
                next.expired.add(cut.id());
            }));
            return;
        }
        steps.add(step(me + " takes over", next -> {
            next.spend(0, 0, 0, abandoned ? 0 : 1);
            next.fence(EXCHANGED, me);
            if (rules.completeReads() && next.hasOpen(EXCHANGED)) {
                return;
            }
            ProductLifecycle known = next.readable(EXCHANGED).value();
            ProductLifecycle released = known.released(cut.id());
            if (!released.equals(known)) {
                next.write(EXCHANGED, released, known, me);
                next.committed(EXCHANGED, me);
            }
        }));
    }

    private boolean isAbandoned(Cut cut) {
        String[] whose = cut.id().split("/", -1);
        Operator operator = operators.get(Integer.parseInt(whose[0].substring("operator".length())));
        return operator.dead() || operator.next() > Integer.parseInt(whose[1]);
    }

    /** Whether a process says that it is ready, after it has looked who is alive. */
    private boolean isReady(int p) {
        Proc process = processes.get(p);
        List<ProductStatus> all = new ArrayList<>();
        Set<Generation> here = new HashSet<>();
        for (int generation : process.runs()) {
            here.add(named(generation));
            all.add(live(named(generation), process.view().value().role(generation)));
        }
        if (rules.readyWhenServed()) {
            ServedElsewhere elsewhere = new ServedElsewhere(product());
            Set<Integer> alive = new HashSet<>();
            members.forEach((generation, who) -> {
                if (!who.isEmpty()) {
                    alive.add(generation);
                }
            });
            elsewhere.seen(process.view().value(), alive);
            elsewhere.status(here, Instant.EPOCH).ifPresent(all::add);
        }
        return Health.of(all).isReady();
    }

    private static ProductStatus live(Generation generation, Optional<Role> role) {
        return new ProductStatus(
                generation.product(),
                Optional.of(generation),
                role,
                ProductState.LIVE,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                List.of());
    }

    /** Whoever says that it is ready says that somebody serves. */
    private void checkReadiness() {
        for (int p = 0; p < processes.size(); p++) {
            Proc process = processes.get(p);
            if (!process.up()
                    || process.runs().isEmpty()
                    || scenario.processes().get(p).replay()) {
                continue;
            }
            int serving = process.view()
                    .value()
                    .serving()
                    .map(GenerationRecord::number)
                    .orElse(0);
            if (isReady(p)
                    && members.getOrDefault(serving, Set.of()).isEmpty()
                    && !process.runs().contains(serving)) {
                violation = "process" + p + " is ready, and nobody runs g" + serving + ", which serves";
            }
        }
    }

    private boolean isOpen(int p, int generation) {
        CutGate gate = gate(p, generation);
        return rules.oneBuild() ? gate.isOpen() : gate.role().isPresent();
    }

    private CutGate gate(int p, int generation) {
        AtomicLong nanos = new AtomicLong();
        CutGate gate = new CutGate(
                named(generation),
                scenario.processes().get(p).build(),
                () -> CompletableFuture.completedFuture(null),
                word -> {},
                new Throttle(OptionalLong.empty(), nanos::get),
                nanos::get);
        ProductLifecycle view = processes.get(p).view().value();
        gate.changed(view);
        Cut cut = view.cut();
        if (cut != null && expired.contains(cut.id())) {
            nanos.set(Duration.ofDays(1).toNanos());
        }
        return gate;
    }

    private boolean isMember(int p, int generation) {
        return members.getOrDefault(generation, Set.of()).contains(p);
    }

    private static Generation named(int number) {
        return new Generation(product(), number);
    }

    private static ProductName product() {
        return ModelScenario.PRODUCTS.get(EXCHANGED);
    }

    private static ProductLifecycle known(Operator operator) {
        ModelLifecycle known = operator.known();
        if (known == null) {
            throw new IllegalStateException("nothing was read");
        }
        return known.value();
    }

    // ---- bookkeeping

    private interface Change {
        void on(ModelState next);
    }

    private Step step(String label, Change change) {
        ModelState next = copy();
        change.on(next);
        return new Step(label, next.settled());
    }

    private ModelState copy() {
        return new ModelState(this);
    }

    private void spend(int kills, int pauses, int stops, int leases) {
        budget = new Budget(
                budget.kills() - kills, budget.pauses() - pauses, budget.stops() - stops, budget.leases() - leases);
    }

    /** Forgets what everybody has read, so that states that differ in their past only are one. */
    private ModelState settled() {
        for (int at = 0; at < logs.size(); at++) {
            int partition = at;
            int read = logs.get(at).size();
            for (Proc process : processes) {
                if (process.up() && partition == partition(EXCHANGED)) {
                    read = Math.min(read, process.seen());
                }
            }
            int open = 0;
            while (open < read && logs.get(at).get(open).written() != Written.OPEN) {
                Entry entry = logs.get(at).get(open);
                if (entry.written() == Written.COMMITTED) {
                    floors.set(entry.product(), entry.decided());
                }
                open++;
            }
            int gone = open;
            if (gone > 0) {
                logs.set(at, List.copyOf(logs.get(at).subList(gone, logs.get(at).size())));
                if (partition == partition(EXCHANGED)) {
                    processes.replaceAll(process -> process.up()
                            ? new Proc(
                                    true,
                                    process.assigned(),
                                    process.adopting(),
                                    process.seen() - gone,
                                    process.view(),
                                    process.runs(),
                                    process.ran(),
                                    process.fresh(),
                                    process.underWay())
                            : process);
                }
            }
        }
        checkReadiness();
        return this;
    }

    private static Set<Integer> plus(Set<Integer> some, int one) {
        Set<Integer> all = new TreeSet<>(some);
        all.add(one);
        return all;
    }

    private static Set<Integer> union(Set<Integer> some, Set<Integer> others) {
        Set<Integer> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private static Set<Integer> minus(Set<Integer> some, int one) {
        Set<Integer> all = new TreeSet<>(some);
        all.remove(one);
        return all;
    }

    /** What tells states apart. Lifecycles by number, because there are few, and each is large. */
    private List<Object> identity() {
        return Arrays.asList(logs, floors, truth, holders, operators, processes, members, expired, taken, budget);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelState state && identity().equals(state.identity());
    }

    @Override
    public int hashCode() {
        return identity().hashCode();
    }
}
