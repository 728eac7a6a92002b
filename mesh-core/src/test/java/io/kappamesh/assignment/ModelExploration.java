package io.kappamesh.assignment;

import io.kappamesh.assignment.ModelState.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All states that a scenario can come to, the nearest first.
 *
 * @param states how many there are
 * @param depth how many steps the farthest one is away
 * @param complete whether these are all, and not only the nearest
 * @param violation the shortest way to what must never be; empty = there is none
 * @param withoutAWayOut a way to a state from which nobody ever serves again; empty = there is none, or not all were seen
 */
record ModelExploration(
        int states, int depth, boolean complete, Optional<String> violation, Optional<String> withoutAWayOut) {

    /** A state with the way to it. */
    private record Reached(ModelState state, int from, String label, int depth) {}

    /** @param atMost states; the search ends with the level at which there are more */
    static ModelExploration of(ModelScenario scenario, ModelRules rules, int atMost) {
        List<Reached> reached = new ArrayList<>();
        Map<ModelState, Integer> known = new HashMap<>();
        List<List<Integer>> before = new ArrayList<>();
        ModelState begin = ModelState.begin(scenario, rules);
        known.put(begin, 0);
        reached.add(new Reached(begin, -1, "", 0));
        before.add(new ArrayList<>());
        boolean complete = true;
        for (int at = 0; at < reached.size(); at++) {
            Reached here = reached.get(at);
            if (reached.size() > atMost) {
                complete = false;
                break;
            }
            for (Step step : here.state().steps()) {
                Integer index = known.get(step.next());
                if (index == null) {
                    index = reached.size();
                    known.put(step.next(), index);
                    reached.add(new Reached(step.next(), at, step.label(), here.depth() + 1));
                    before.add(new ArrayList<>());
                }
                before.get(index).add(at);
                if (step.next().violation().isPresent()) {
                    return new ModelExploration(
                            reached.size(),
                            here.depth() + 1,
                            false,
                            Optional.of(
                                    step.next().violation().get() + ", by " + way(reached, at) + "; " + step.label()),
                            Optional.empty());
                }
            }
        }
        int depth = reached.get(reached.size() - 1).depth();
        return new ModelExploration(
                reached.size(),
                depth,
                complete,
                Optional.empty(),
                complete ? stuck(reached, before) : Optional.empty());
    }

    /** Goes back from all good states; what is not met has no way to one. */
    private static Optional<String> stuck(List<Reached> reached, List<List<Integer>> before) {
        BitSet out = new BitSet(reached.size());
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < reached.size(); i++) {
            if (reached.get(i).state().isGood()) {
                out.set(i);
                open.add(i);
            }
        }
        while (!open.isEmpty()) {
            for (int from : before.get(open.poll())) {
                if (!out.get(from)) {
                    out.set(from);
                    open.add(from);
                }
            }
        }
        int first = out.nextClearBit(0);
        return first >= reached.size() ? Optional.empty() : Optional.of(way(reached, first));
    }

    private static String way(List<Reached> reached, int to) {
        List<String> labels = new ArrayList<>();
        for (int at = to; at > 0; at = reached.get(at).from()) {
            labels.add(reached.get(at).label());
        }
        Collections.reverse(labels);
        return String.join("; ", labels);
    }

    @Override
    public String toString() {
        return "%d states, %d steps deep, %s".formatted(states, depth, complete ? "all there are" : "the nearest");
    }
}
