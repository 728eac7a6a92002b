package io.kappamesh.spring;

import io.kappamesh.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Settings out of a service's properties. Every name is under {@code mesh.}: {@code mesh.bootstrap.servers},
 * {@code mesh.state.dir}, {@code mesh.streams.num.standby.replicas}. Stateless.
 */
final class MeshSettings {
    private static final String PREFIX = "mesh";

    private MeshSettings() {}

    /** @throws io.kappamesh.failure.StartupException with every problem */
    static Settings of(Environment environment) {
        Map<String, String> given = Binder.get(environment)
                .bind(PREFIX, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of());
        Map<String, String> values = new HashMap<>();
        given.forEach((name, value) -> values.put(full(name), value));
        return Settings.of(values, Map.of());
    }

    /** Some names of ours begin with mesh, those of Kafka and of the registry's client do not. */
    private static String full(String name) {
        String ours = PREFIX + "." + name;
        return Settings.names().contains(ours) ? ours : name;
    }
}
