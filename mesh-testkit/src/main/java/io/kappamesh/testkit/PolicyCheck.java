package io.kappamesh.testkit;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.policy.Policies;
import io.kappamesh.policy.Severity;
import io.kappamesh.policy.Violation;
import io.kappamesh.provision.PolicyGate;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Looks whether products are as the policies ask, as a start does: {@code PolicyCheck.of(products).passes()}. The policies are the built-in ones and those
 * of every {@link io.kappamesh.policy.PolicyProvider} on the class path. Immutable and thread-safe.
 */
public final class PolicyCheck {
    private final List<StreamingProduct> products;
    private final Policies policies;

    private PolicyCheck(List<StreamingProduct> products, Policies policies) {
        this.products = List.copyOf(products);
        this.policies = policies;
    }

    /**
     * Chooses the products.
     *
     * @throws io.kappamesh.declaration.DeclarationException when the policies themselves are not in order
     */
    public static PolicyCheck of(List<StreamingProduct> products) {
        return new PolicyCheck(products, Policies.load());
    }

    /**
     * The same with another severity of a policy, as the setting {@code mesh.policies} gives it.
     *
     * @throws io.kappamesh.declaration.DeclarationException when no policy has this id
     */
    public PolicyCheck with(String policy, Severity severity) {
        return new PolicyCheck(products, policies.with(Map.of(policy, severity.name())));
    }

    /** Where the products are not as the policies ask, those that only warn included. */
    public List<Violation> violations() {
        return products.stream()
                .flatMap(one -> PolicyGate.violations(
                        policies, one.product(), ProductDescription.of(one.product(), null, "any", Map.of()))
                        .stream())
                .toList();
    }

    /**
     * Demands that no policy is violated that refuses.
     *
     * @throws AssertionError with every violation of such a policy
     */
    public void passes() {
        demandNone(violations().stream()
                .filter(one -> one.severity() == Severity.REFUSE)
                .toList());
    }

    /**
     * Demands that no policy is violated, not even one that only warns.
     *
     * @throws AssertionError with every violation
     */
    public void passesStrictly() {
        demandNone(violations());
    }

    private static void demandNone(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.stream()
                    .map(Violation::message)
                    .collect(Collectors.joining(
                            System.lineSeparator(), "policies are violated:" + System.lineSeparator(), "")));
        }
    }
}
