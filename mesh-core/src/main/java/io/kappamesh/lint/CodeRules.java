package io.kappamesh.lint;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.lint.CodeMethod.Step;
import io.kappamesh.lint.ReachableCode.Reached;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Judges what the product's own code does. Findings of one rule in one method are one finding. Used once, by one thread. */
final class CodeRules {
    private static final String ATOMIC = "Ljava/util/concurrent/atomic/";

    /** What breaks a rule, in words that follow the name of the method. */
    private record Breach(Rule rule, String words) {}

    private final DataProduct product;
    private final ReachableCode code;
    private final Map<String, Map<Rule, Set<String>>> breaches = new LinkedHashMap<>();
    private final Map<String, List<String>> paths = new LinkedHashMap<>();

    private CodeRules(DataProduct product, ReachableCode code) {
        this.product = product;
        this.code = code;
    }

    static List<Finding> findings(DataProduct product, ReachableCode code) {
        CodeRules rules = new CodeRules(product, code);
        code.methods().forEach(rules::judge);
        return rules.findings();
    }

    private void judge(Reached reached) {
        String place = reached.method().id().place();
        for (Step step : reached.method().steps()) {
            breach(step, reached.method()).ifPresent(breach -> {
                paths.putIfAbsent(place, reached.path());
                breaches.computeIfAbsent(place, unseen -> new EnumMap<>(Rule.class))
                        .computeIfAbsent(breach.rule(), unseen -> new LinkedHashSet<>())
                        .add(breach.words() + " (" + reached.file().at(step.line()) + ")");
            });
        }
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        code.unseen()
                .ifPresent(host -> findings.add(new Finding(
                        product.name(),
                        Rule.UNSEEN_CODE,
                        host,
                        "wires the product, and its class file cannot be read")));
        breaches.forEach((place, rules) -> rules.forEach((rule, words) -> {
            List<String> path = paths.getOrDefault(place, List.of());
            findings.add(new Finding(
                    product.name(),
                    rule,
                    place,
                    String.join(", ", words) + (path.size() < 2 ? "" : ", by way of " + String.join(" → ", path))));
        }));
        return findings;
    }

    private Optional<Breach> breach(Step step, CodeMethod in) {
        boolean initializer = in.id().name().equals(CodeMethod.INITIALIZER);
        if (step instanceof Step.StaticWrite write) {
            return initializer
                    ? Optional.empty()
                    : Optional.of(new Breach(
                            Rule.STATIC_STATE, "writes the static field " + field(write.owner(), write.name())));
        }
        if (step instanceof Step.StaticRead read) {
            if (read.owner().equals("java/lang/System") && read.name().equals("in")) {
                return Optional.of(new Breach(Rule.INPUT_OUTPUT, "reads java.lang.System.in"));
            }
            return initializer || !read.descriptor().startsWith(ATOMIC)
                    ? Optional.empty()
                    : Optional.of(
                            new Breach(Rule.STATIC_STATE, "uses the static field " + field(read.owner(), read.name())));
        }
        return call((Step.Call) step, in);
    }

    private Optional<Breach> call(Step.Call call, CodeMethod in) {
        CodeMethod.Id target = call.target();
        if (!call.argument().isEmpty()) {
            return Optional.of(new Breach(
                    call.argument().equals("STREAM_TIME") ? Rule.STREAM_TIME_PUNCTUATION : Rule.WALL_CLOCK_PUNCTUATION,
                    "schedules a punctuation by " + call.argument()));
        }
        if (target.name().equals("hashCode") && in.id().name().equals("hashCode")) {
            // What it is asked for counts, not how it is answered.
            return Optional.empty();
        }
        String name = target.name().equals(CodeMethod.CONSTRUCTOR) ? "new" : target.name();
        return code.outside(target)
                .map(owner -> owner.replace('/', '.'))
                .flatMap(owner -> OutsideCalls.broken(owner, name, target.descriptor())
                        .map(rule -> new Breach(
                                rule, "calls " + (name.equals("new") ? "new " + owner : owner + "." + name))));
    }

    private static String field(String owner, String name) {
        return owner.substring(owner.lastIndexOf('/') + 1).replace('$', '.') + "." + name;
    }
}
