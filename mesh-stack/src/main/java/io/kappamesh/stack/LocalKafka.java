package io.kappamesh.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka cluster (KRaft, no security) on loopback, every node a child JVM. Brokers are numbered from 1. Not
 * thread-safe, except that {@link #close()} may be called by anybody, more than once.
 *
 * <p>With one broker, replication factors are 1. With more, topics have up to three replicas by default and writing
 * goes on while one broker is down. Topics are never created by merely using them.
 */
public final class LocalKafka implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Workspace workspace;
    private final Duration readyWithin;
    private final SortedMap<Integer, KafkaNode> brokers = new TreeMap<>();
    private final @Nullable KafkaNode controller;

    private LocalKafka(LocalKafkaBuilder options, Workspace workspace) {
        this.workspace = workspace;
        this.readyWithin = options.readyWithin;
        List<Integer> free = Ports.free(options.brokers + 1);
        int controllerPort = free.get(options.brokers);
        BrokerSettings settings = new BrokerSettings(controllerPort, options.brokers, options.properties);
        NodeCommands commands = new NodeCommands(options, workspace.path(), clusterId(workspace.path()));
        for (int id = 1; id <= options.brokers; id++) {
            int port = options.port == 0 ? free.get(id - 1) : options.port + id - 1;
            brokers.put(
                    id,
                    commands.node(
                            id,
                            "broker " + id,
                            port,
                            options.brokers == 1 ? settings.combined(port) : settings.brokerOnly(id, port)));
        }
        this.controller = options.brokers == 1
                ? null
                : commands.node(BrokerSettings.CONTROLLER_ID, "controller", controllerPort, settings.controllerOnly());
    }

    /** Settings, each with a default, and {@link LocalKafkaBuilder#start()}. */
    public static LocalKafkaBuilder builder() {
        return new LocalKafkaBuilder();
    }

    static LocalKafka start(LocalKafkaBuilder options) {
        if (options.port != 0) {
            IntStream.range(options.port, options.port + options.brokers)
                    .forEach(port -> Ports.requireFree("local Kafka", port));
        }
        LocalKafka kafka = new LocalKafka(options, Workspace.in(options.directory, "kappa-mesh-kafka-"));
        try {
            if (kafka.controller != null) {
                // Brokers that find no controller back off, and take processor time from it meanwhile.
                KafkaNode controller = kafka.controller;
                Readiness.await(controller.start(), kafka.readyWithin, () -> Ports.accepts(controller.port()));
            }
            kafka.brokers.values().forEach(KafkaNode::start);
            kafka.brokers.values().forEach(kafka::awaitReady);
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** Host and port of every broker, running or not, for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return brokers.values().stream().map(KafkaNode::address).collect(Collectors.joining(","));
    }

    /** The ids of the brokers, running or not. */
    public Set<Integer> brokerIds() {
        return Set.copyOf(brokers.keySet());
    }

    /** The latest process of a broker, for its pid, memory and log. */
    public JavaProcess process(int brokerId) {
        return broker(brokerId).process();
    }

    /** Stops a broker in order (SIGTERM): it hands over what it leads, if anybody can take it. */
    public void stop(int brokerId) {
        broker(brokerId).stop(TIMEOUT);
    }

    /** Kills a broker (SIGKILL). */
    public void kill(int brokerId) {
        broker(brokerId).kill();
    }

    /**
     * Starts a stopped or killed broker again, on its data and its port, and returns when it answers and has caught up
     * with the others, so that another one may be stopped next. The controller lets it in when its former session has
     * run out, up to 6 s after its end.
     *
     * @throws StartException if its port is taken, or it ends or does not answer
     */
    public void start(int brokerId) {
        KafkaNode broker = broker(brokerId);
        broker.start();
        awaitReady(broker);
    }

    /** Pauses a broker with its connections open (SIGSTOP). */
    public void pause(int brokerId) {
        process(brokerId).pause();
    }

    /** Lets a paused broker go on (SIGCONT). */
    public void resume(int brokerId) {
        process(brokerId).resume();
    }

    /** Stops all nodes and deletes data and logs, unless they are in a directory of the caller's. */
    @Override
    public void close() {
        Collection<KafkaNode> nodes = brokers.values();
        if (workspace.temporary()) {
            // Nobody will read this data again: no reason to wait for it to be written in order.
            nodes.forEach(KafkaNode::kill);
        }
        nodes.forEach(KafkaNode::terminate);
        nodes.forEach(node -> node.stop(TIMEOUT));
        // Last, because a broker that leaves in order asks it for leave.
        if (controller != null) {
            controller.stop(TIMEOUT);
        }
        workspace.close();
    }

    private void awaitReady(KafkaNode broker) {
        Set<Integer> expected =
                brokers.keySet().stream().filter(id -> broker(id).serves()).collect(Collectors.toUnmodifiableSet());
        try (BrokerProbe probe = new BrokerProbe(broker, expected)) {
            Readiness.await(broker.process(), readyWithin, probe);
        }
    }

    private KafkaNode broker(int id) {
        KafkaNode broker = brokers.get(id);
        if (broker == null) {
            throw new IllegalArgumentException("no broker " + id + " in this cluster; brokers are " + brokers.keySet());
        }
        return broker;
    }

    /** A directory's data belongs to one cluster id forever. */
    private static String clusterId(Path directory) {
        Path file = directory.resolve("cluster.id");
        try {
            if (Files.notExists(file)) {
                Files.writeString(file, Uuid.randomUuid().toString());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the cluster id in " + file, e);
        }
    }
}
