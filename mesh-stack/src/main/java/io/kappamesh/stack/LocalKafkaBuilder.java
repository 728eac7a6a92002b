package io.kappamesh.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link LocalKafka}; each has a default. Not thread-safe. */
public final class LocalKafkaBuilder {

    private static final int HIGHEST_PORT = 65_535;
    private static final int LEAST_HEAP = 64;

    int port;
    int brokers = 1;
    int heapMebibytes = 512;
    Duration readyWithin = Duration.ofMinutes(2);
    String classPath = System.getProperty("java.class.path");

    @Nullable
    Path directory;

    final Map<String, String> properties = new LinkedHashMap<>();

    LocalKafkaBuilder() {}

    /** The port of the first broker, further brokers take the next ones; 0, the default, means any free port. */
    public LocalKafkaBuilder port(int port) {
        this.port = port;
        return this;
    }

    /**
     * Where data, settings and logs are kept, and found again by a later cluster with as many brokers. The default is a
     * temporary folder that {@link LocalKafka#close()} deletes.
     */
    public LocalKafkaBuilder directory(Path directory) {
        this.directory = directory;
        return this;
    }

    /**
     * How many brokers, 1 by default. One is broker and controller in one process; for more there is one controller in
     * a process of its own, so that any broker can be stopped and started while the others serve.
     */
    public LocalKafkaBuilder brokers(int brokers) {
        this.brokers = brokers;
        return this;
    }

    /** The heap of each node in MiB, 512 by default. */
    public LocalKafkaBuilder heapMebibytes(int mebibytes) {
        this.heapMebibytes = mebibytes;
        return this;
    }

    /** Adds or overrides a broker property, for every node. */
    public LocalKafkaBuilder property(String key, String value) {
        properties.put(key, value);
        return this;
    }

    /** The class path of the nodes; by default this JVM's own, which has Kafka and this module. */
    public LocalKafkaBuilder classPath(String classPath) {
        this.classPath = classPath;
        return this;
    }

    /** How long a broker may take until it answers, 2 minutes by default. */
    public LocalKafkaBuilder readyWithin(Duration limit) {
        this.readyWithin = limit;
        return this;
    }

    /**
     * Starts the cluster and returns when every broker answers and is registered.
     *
     * @throws IllegalArgumentException with all that is wrong with the settings
     * @throws StartException if a port is taken, or a node ends or does not answer; nothing is left running then
     */
    public LocalKafka start() {
        List<String> problems = new ArrayList<>();
        if (brokers < 1) {
            problems.add("brokers must be at least 1 but was " + brokers);
        }
        if (port < 0 || port + Math.max(1, brokers) - 1 > HIGHEST_PORT) {
            problems.add("port must be 0 (any) or leave room for " + brokers + " brokers up to " + HIGHEST_PORT
                    + " but was " + port);
        }
        if (heapMebibytes < LEAST_HEAP) {
            problems.add("heapMebibytes must be at least " + LEAST_HEAP + " but was " + heapMebibytes);
        }
        if (readyWithin.isNegative() || readyWithin.isZero()) {
            problems.add("readyWithin must be positive but was " + readyWithin);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("local Kafka: " + String.join("; ", problems));
        }
        return LocalKafka.start(this);
    }
}
