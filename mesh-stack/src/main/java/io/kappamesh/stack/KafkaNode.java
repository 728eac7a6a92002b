package io.kappamesh.stack;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One node of the cluster: the same data and port through any number of processes, one at a time. */
final class KafkaNode {

    private final int id;
    private final String name;
    private final int port;
    private final JavaCommand command;
    private volatile @Nullable JavaProcess process;

    /**
     * @param port the one that clients use, or the controller's
     */
    KafkaNode(int id, String name, int port, JavaCommand command) {
        this.id = id;
        this.name = name;
        this.port = port;
        this.command = command;
    }

    int id() {
        return id;
    }

    String address() {
        return BrokerSettings.address(port);
    }

    int port() {
        return port;
    }

    JavaProcess start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(process + " runs already; stop or kill it before you start it again");
        }
        Ports.requireFree(name, port);
        process = command.start();
        return process;
    }

    /** The process, ended or not. */
    JavaProcess process() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    boolean serves() {
        return process != null && process.isAlive() && !process.isPaused();
    }

    void terminate() {
        if (process != null) {
            process.terminate();
        }
    }

    void stop(Duration timeout) {
        if (process != null) {
            process.stop(timeout);
        }
    }

    void kill() {
        if (process != null) {
            process.kill();
        }
    }
}
