package io.kappamesh.registry;

import io.kappamesh.Internal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says whether the class path holds Confluent's registry client once. Users add it themselves, and may choose: the original from
 * Confluent's repository, or the same classes out of a bundle on Maven Central. With both, chance would decide which one runs.
 * Loads no class of the client.
 */
@Internal
public final class RegistryClientJar {
    private static final String CLIENT = "io/confluent/kafka/schemaregistry/client/SchemaRegistryClient.class";
    private static final String CHOICE =
            "io.confluent:kafka-schema-registry-client, or, where only Maven Central can be reached,"
                    + " io.kappamesh:confluent-schema-registry-client";

    private RegistryClientJar() {}

    /** What is wrong, and the remedy; empty = nothing. */
    public static Optional<String> problem() {
        return problem(RegistryClientJar.class.getClassLoader());
    }

    static Optional<String> problem(ClassLoader loader) {
        SortedMap<String, URL> jars = new TreeMap<>();
        try {
            // The same jar may stand on a class path under two addresses, which does no harm.
            Collections.list(loader.getResources(CLIENT)).forEach(url -> jars.put(file(url), url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (jars.isEmpty()) {
            return Optional.of("registry client: there is none on the class path; add " + CHOICE);
        }
        return jars.size() == 1
                ? Optional.empty()
                : Optional.of("registry client: the class path has it " + jars.size() + " times, in "
                        + String.join(" and ", jars.keySet()) + "; keep one of " + CHOICE);
    }

    /** The jar's name, or the whole address of a class that is in none. */
    private static String file(URL resource) {
        String address = resource.toString();
        int inside = address.lastIndexOf("!/");
        return inside < 0 ? address : address.substring(address.lastIndexOf('/', inside - 1) + 1, inside);
    }
}
