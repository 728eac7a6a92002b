package io.kappamesh.console.local;

import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;

/**
 * The process that owns broker and registry: it starts them, and they end with it. It ends when it is asked to (SIGTERM or SIGINT), or
 * when one of them does.
 */
final class Supervisor {
    private static final long BETWEEN_LOOKS_MILLIS = 500;

    private final LocalHome home;

    Supervisor(LocalHome home) {
        this.home = home;
    }

    /**
     * Returns when one of the two has ended by itself.
     *
     * @param ready is called once both answer
     * @throws LocalPlatformException if one of them does not start, or ends later
     */
    void run(int brokerPort, int registryPort, boolean fresh, Runnable ready) throws InterruptedException {
        FileChannel lock = home.lock()
                .orElseThrow(
                        () -> new LocalPlatformException("local platform: one runs already in " + home.directory()));
        try {
            home.endLeftovers();
            if (fresh) {
                home.deleteData();
            }
            try (LocalKafka kafka = LocalKafka.builder()
                            .port(brokerPort)
                            .directory(home.kafka())
                            .start();
                    LocalRegistry registry = LocalRegistry.builder()
                            .port(registryPort)
                            .directory(home.registry())
                            .persistent()
                            .start()) {
                Runtime.getRuntime().addShutdownHook(new Thread(home::endSettings, "local-platform-ends"));
                home.writeProcesses(kafka, registry);
                home.writeSettings(kafka.bootstrapServers(), registry.url());
                ready.run();
                while (kafka.process(1).isAlive() && registry.process().isAlive()) {
                    TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
                }
                throw new LocalPlatformException("local platform: the "
                        + (registry.process().isAlive() ? "broker" : "registry") + " has ended by itself; its log is "
                        + (registry.process().isAlive() ? kafka.process(1) : registry.process()).logFile());
            }
        } finally {
            home.endSettings();
            LocalHome.close(lock);
        }
    }
}
