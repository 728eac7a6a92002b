package io.kappamesh.stack;

import java.nio.file.Path;
import java.util.Properties;

/** Makes the nodes of one cluster: a folder, a properties file, and the command that runs on them. */
final class NodeCommands {

    private final LocalKafkaBuilder options;
    private final Path directory;
    private final String clusterId;

    NodeCommands(LocalKafkaBuilder options, Path directory, String clusterId) {
        this.options = options;
        this.directory = directory;
        this.clusterId = clusterId;
    }

    KafkaNode node(int id, String name, int port, Properties properties) {
        Path folder = directory.resolve(name.replace(' ', '-'));
        Path file = BrokerSettings.write(properties, folder);
        JavaCommand command = JavaCommand.main(
                        name, folder.resolve("node.log"), options.classPath, BrokerMain.class.getName())
                .jvmArguments(
                        "-Xmx" + options.heapMebibytes + "m",
                        "-XX:+UseSerialGC",
                        // Whatever logging the user has on the class path: a node logs to its own file.
                        "-Dslf4j.provider=ch.qos.logback.classic.spi.LogbackServiceProvider",
                        "-Dlogback.configurationFile=io/kappamesh/stack/node-logback.xml",
                        // Kafka asks for log4j's API, without a backend, only to offer changing log levels.
                        "-Dlog4j2.StatusLogger.level=OFF")
                .arguments(
                        clusterId,
                        file.toString(),
                        Long.toString(ProcessHandle.current().pid()));
        return new KafkaNode(id, name, port, command);
    }
}
