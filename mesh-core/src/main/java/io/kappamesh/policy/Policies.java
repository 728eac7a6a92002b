package io.kappamesh.policy;

import io.kappamesh.declaration.DeclarationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** All policies that are asked, with the severity of each. Immutable and thread-safe. */
public final class Policies {
    private final List<Policy> all;

    private Policies(List<Policy> all) {
        Map<String, Policy> byId = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Policy policy : all) {
            if (byId.putIfAbsent(policy.id(), policy) != null) {
                problems.add("policy " + policy.id() + ": there are two of this id; give one of them another");
            }
        }
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        this.all = List.copyOf(all);
    }

    /**
     * The built-in ones, and those of all {@link PolicyProvider}s on the class path.
     *
     * @throws DeclarationException when a provider cannot be loaded, or two policies have one id
     */
    public static Policies load() {
        List<Policy> all = new ArrayList<>(BuiltInPolicies.all());
        try {
            ServiceLoader.load(PolicyProvider.class, Policies.class.getClassLoader())
                    .forEach(provider -> all.addAll(policies(provider)));
        } catch (ServiceConfigurationError broken) {
            throw new DeclarationException(List.of("policies: a jar's provider cannot be loaded (" + broken.getMessage()
                    + "); mend META-INF/services/" + PolicyProvider.class.getName() + " in it"));
        }
        return new Policies(all);
    }

    private static List<Policy> policies(PolicyProvider provider) {
        try {
            return List.copyOf(provider.policies());
        } catch (RuntimeException | LinkageError | StackOverflowError broken) {
            throw new DeclarationException(
                    List.of("policies: " + provider.getClass().getName() + " has none (" + broken + "); mend its jar"));
        }
    }

    /** These policies and no others. */
    public static Policies of(List<Policy> policies) {
        return new Policies(policies);
    }

    /**
     * The same with other severities.
     *
     * @param severities {@code warn}, {@code refuse} or {@code off}, by the id of a policy
     * @throws DeclarationException when a severity is not known, or a policy that is to refuse; one that is to do less, and is not there, does less
     */
    public Policies with(Map<String, String> severities) {
        List<String> problems = new ArrayList<>();
        Map<String, Policy> changed = new LinkedHashMap<>();
        all.forEach(policy -> changed.put(policy.id(), policy));
        severities.forEach((id, word) -> {
            Severity severity;
            try {
                severity = Severity.valueOf(word.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException unknown) {
                problems.add("policy " + id + ": '" + word + "' is no severity; expected warn, refuse or off");
                return;
            }
            Policy policy = changed.get(id);
            if (policy != null) {
                changed.put(id, policy.with(severity));
            } else if (severity == Severity.REFUSE) {
                problems.add("policy " + id + ": is not known; those that are: "
                        + String.join(", ", new TreeSet<>(changed.keySet())));
            }
        });
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        return new Policies(List.copyOf(changed.values()));
    }

    /** Their ids, in the order in which they are asked. */
    public List<String> ids() {
        return all.stream().map(Policy::id).toList();
    }

    /**
     * Where a product is not as they ask.
     *
     * @throws DeclarationException when a policy cannot judge it
     */
    public List<Violation> violations(DescribedProduct product) {
        return all.stream()
                .filter(policy -> policy.severity() != Severity.OFF)
                .flatMap(policy -> policy.violations(product).stream())
                .toList();
    }
}
