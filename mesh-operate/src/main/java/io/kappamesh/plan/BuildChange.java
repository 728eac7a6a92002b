package io.kappamesh.plan;

import io.kappamesh.generation.CodeRecord;
import io.kappamesh.generation.GenerationRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What another build of a product changes, beside the one that computes the serving generation, and what follows from that.
 *
 * @param build the other one
 * @param servingBuild the one of the serving generation
 * @param category the farthest-reaching of what changed
 * @param details what changed, one sentence each
 */
public record BuildChange(String build, String servingBuild, Category category, List<String> details) {

    /** What changed, and the consequence; each reaches farther than those before it. */
    public enum Category {
        /** Nothing that the product's own code decides. */
        NOTHING("go on: this build may compute the serving generation; start it with `run`"),
        /** Steps of the topology compute something else. */
        BUSINESS_CODE("replay: what is computed from now on differs from what was computed before"),
        /** The topology has other steps, and the same state. */
        TOPOLOGY("replay: what is computed from now on may differ from what was computed before"),
        /** State, or what is read into it, is other: this build cannot continue with the state that there is. */
        STATE("replay: this build cannot continue with the state of the serving generation"),
        /** What it promises differs, in a way that readers can take. */
        CONTRACT("replay: readers can read both"),
        /** What it promises breaks readers, or a port is given up. */
        BREAKING_CONTRACT(
                "replay and new major: publish it under the next major version of the port beside the old one"),
        /** The serving generation was begun by a version that wrote down too little. */
        UNKNOWN("replay, to be sure");

        private final String consequence;

        Category(String consequence) {
            this.consequence = consequence;
        }

        public String consequence() {
            return consequence;
        }
    }

    public BuildChange {
        details = List.copyOf(details);
    }

    /**
     * Compares.
     *
     * @param breaking output ports, by address, whose schema the registry would refuse
     */
    static BuildChange between(
            GenerationRecord serving,
            String build,
            List<String> fingerprint,
            @Nullable CodeRecord code,
            Set<String> breaking) {
        CodeRecord before = serving.computation().code();
        if (before == null || code == null) {
            return fingerprint.equals(serving.fingerprint())
                    ? new BuildChange(
                            build,
                            serving.build(),
                            Category.UNKNOWN,
                            List.of("the record of g" + serving.number() + " does not say what its build is made of"))
                    : new BuildChange(
                            build, serving.build(), Category.STATE, difference(serving.fingerprint(), fingerprint));
        }
        List<String> details = new ArrayList<>();
        Category category = Category.NOTHING;
        Set<String> classes = changed(before.classes(), code.classes());
        if (!classes.isEmpty()) {
            category = Category.BUSINESS_CODE;
            details.add("code: " + String.join(", ", classes));
        }
        if (!before.topology().equals(code.topology())) {
            category = Category.TOPOLOGY;
            details.add("topology: other steps, or in another order");
        }
        if (!serving.fingerprint().equals(fingerprint)) {
            category = Category.STATE;
            details.addAll(difference(serving.fingerprint(), fingerprint));
        }
        if (!before.contracts().equals(code.contracts())) {
            Set<String> given = addresses(before.contracts());
            given.removeAll(addresses(code.contracts()));
            category = breaking.isEmpty() && given.isEmpty() ? Category.CONTRACT : Category.BREAKING_CONTRACT;
            details.addAll(difference(before.contracts(), code.contracts()));
            breaking.forEach(port -> details.add(port + ": its new schema breaks readers of the versions before"));
            given.forEach(port -> details.add(port + ": is given up; it has to stay until nobody reads it"));
        }
        return new BuildChange(build, serving.build(), category, details);
    }

    /** Classes by their simple names, that were added, changed or taken out. */
    private static Set<String> changed(Map<String, String> before, Map<String, String> now) {
        Set<String> all = new TreeSet<>(before.keySet());
        all.addAll(now.keySet());
        return all.stream()
                .filter(name -> !before.getOrDefault(name, "").equals(now.getOrDefault(name, "")))
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> difference(List<String> before, List<String> now) {
        List<String> lines = new ArrayList<>();
        before.stream().filter(line -> !now.contains(line)).forEach(line -> lines.add("no more: " + line));
        now.stream().filter(line -> !before.contains(line)).forEach(line -> lines.add("new: " + line));
        return lines;
    }

    /** Before the first blank of each line. */
    private static Set<String> addresses(List<String> contracts) {
        return contracts.stream()
                .map(line -> line.substring(0, Math.max(0, line.indexOf(' '))))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
