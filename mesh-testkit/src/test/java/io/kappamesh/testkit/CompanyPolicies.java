package io.kappamesh.testkit;

import io.kappamesh.policy.Policy;
import io.kappamesh.policy.PolicyProvider;
import io.kappamesh.policy.Severity;
import java.util.List;

/** What an organisation adds, as a service on the class path. */
public final class CompanyPolicies implements PolicyProvider {
    @Override
    public List<Policy> policies() {
        return List.of(Policy.ofPort(
                "company-no-test-ports",
                Severity.REFUSE,
                "is a port for tests",
                "publish it from a test environment only",
                port -> !port.address().contains(".test-")));
    }
}
