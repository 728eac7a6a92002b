package io.kappamesh.stack;

import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * What runs in the child JVM: formats the storage if that was not done before, with the newest features of the release,
 * and starts the node. Arguments: cluster id, properties file, process id of the parent.
 */
final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] args) {
        String clusterId = args[0];
        String properties = args[1];
        endWith(Long.parseLong(args[2]));
        String[] format = {"format", "--ignore-formatted", "--cluster-id", clusterId, "--config", properties};
        if (StorageTool.execute(format, System.out) != 0) {
            throw new IllegalStateException("the storage could not be formatted, see above");
        }
        Kafka.main(new String[] {properties});
    }

    /** A parent that was killed runs no shutdown hook, so the child looks after itself too. */
    private static void endWith(long parent) {
        Thread watch = new Thread(
                () -> {
                    ProcessHandle.of(parent).ifPresent(handle -> handle.onExit().join());
                    System.out.println("the parent process is gone: this one ends too");
                    Runtime.getRuntime().halt(1);
                },
                "parent watch");
        watch.setDaemon(true);
        watch.start();
    }
}
