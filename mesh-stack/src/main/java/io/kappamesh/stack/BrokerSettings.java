package io.kappamesh.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The properties of the nodes of one cluster: small and quick to start, everything else as Kafka's release has it.
 *
 * @param controller the port of the controller, which is the same for every node
 * @param brokers how many brokers the cluster has
 * @param extra what the user adds or overrides
 */
record BrokerSettings(int controller, int brokers, Map<String, String> extra) {

    static final int CONTROLLER_ID = 0;
    private static final int COMBINED_ID = 1;
    private static final int MOST_REPLICAS = 3;
    private static final String HOST = "127.0.0.1";
    /** Of the internal topics; Kafka's 50 make a start and a stop slower and serve nobody here. */
    private static final String FEW_PARTITIONS = "4";

    /** One node that is broker and controller. */
    Properties combined(int port) {
        Properties node = node(COMBINED_ID, "broker,controller");
        node.putAll(Map.of(
                "listeners", "PLAINTEXT://" + address(port) + ",CONTROLLER://" + address(controller),
                "advertised.listeners", "PLAINTEXT://" + address(port)));
        node.putAll(extra);
        return node;
    }

    /** A controller that is nothing else. */
    Properties controllerOnly() {
        Properties node = node(CONTROLLER_ID, "controller");
        node.putAll(extra);
        node.put("listeners", "CONTROLLER://" + address(controller));
        node.remove("advertised.listeners");
        return node;
    }

    /** A broker beside a controller. */
    Properties brokerOnly(int id, int port) {
        Properties node = node(id, "broker");
        node.put("listeners", "PLAINTEXT://" + address(port));
        node.putAll(extra);
        return node;
    }

    static String address(int port) {
        return HOST + ":" + port;
    }

    private Properties node(int id, String roles) {
        int replicas = Math.min(brokers, MOST_REPLICAS);
        // One broker may always be down without stopping a writer who waits for all replicas in sync.
        String inSync = Integer.toString(Math.max(1, replicas - 1));
        String copies = Integer.toString(replicas);
        int voter = brokers == 1 ? COMBINED_ID : CONTROLLER_ID;
        Properties node = new Properties();
        node.put("node.id", Integer.toString(id));
        node.put("process.roles", roles);
        node.put("controller.quorum.voters", voter + "@" + address(controller));
        node.put("controller.listener.names", "CONTROLLER");
        node.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        node.put("auto.create.topics.enable", "false");
        node.put("group.initial.rebalance.delay.ms", "0");
        // A broker that comes back is let in only when its former session has run out: Kafka's 9 s are long to wait.
        node.put("broker.session.timeout.ms", "6000");
        node.put("broker.heartbeat.interval.ms", "1000");
        node.put("default.replication.factor", copies);
        node.put("min.insync.replicas", inSync);
        node.put("offsets.topic.num.partitions", FEW_PARTITIONS);
        node.put("offsets.topic.replication.factor", copies);
        node.put("transaction.state.log.num.partitions", FEW_PARTITIONS);
        node.put("transaction.state.log.replication.factor", copies);
        node.put("transaction.state.log.min.isr", inSync);
        node.put("share.coordinator.state.topic.num.partitions", FEW_PARTITIONS);
        node.put("share.coordinator.state.topic.replication.factor", copies);
        node.put("share.coordinator.state.topic.min.isr", inSync);
        return node;
    }

    /** Writes a node's properties beside its data and returns the file. */
    static Path write(Properties node, Path directory) {
        node.put("log.dirs", directory.resolve("data").toString());
        Path file = directory.resolve("server.properties");
        try {
            Files.createDirectories(directory);
            try (Writer writer = Files.newBufferedWriter(file)) {
                node.store(writer, null);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
