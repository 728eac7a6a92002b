package io.kappamesh.spring;

import io.kappamesh.Internal;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Puts the products into Actuator's groups for probes, unless the service says itself what is in those groups. */
@Internal
public final class MeshProbes implements EnvironmentPostProcessor {
    private static final String GROUP = "management.endpoint.health.group.";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        boolean probes =
                environment.getProperty("management.endpoint.health.probes.enabled", Boolean.class, Boolean.TRUE);
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "meshProbes",
                        Map.of(
                                GROUP + "liveness.include", (probes ? "livenessState," : "") + "meshLiveness",
                                GROUP + "readiness.include", (probes ? "readinessState," : "") + "meshReadiness")));
    }
}
