package io.kappamesh.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link LocalRegistry}; each has a default. Not thread-safe. */
public final class LocalRegistryBuilder {

    private static final int HIGHEST_PORT = 65_535;
    private static final int LEAST_HEAP = 64;

    int port;
    int heapMebibytes = 256;
    boolean persistent;
    Duration readyWithin = Duration.ofMinutes(2);

    @Nullable
    Path directory;

    LocalRegistryBuilder() {}

    /** The HTTP port; 0, the default, means any free port. */
    public LocalRegistryBuilder port(int port) {
        this.port = port;
        return this;
    }

    /**
     * Where data and log are kept. The default is a temporary folder that {@link LocalRegistry#close()} deletes.
     */
    public LocalRegistryBuilder directory(Path directory) {
        this.directory = directory;
        return this;
    }

    /** Keeps the schemas in a file of the directory, so that they survive the process; by default they do not. */
    public LocalRegistryBuilder persistent() {
        this.persistent = true;
        return this;
    }

    /** The heap in MiB, 256 by default. */
    public LocalRegistryBuilder heapMebibytes(int mebibytes) {
        this.heapMebibytes = mebibytes;
        return this;
    }

    /** How long the registry may take until it answers, 2 minutes by default. */
    public LocalRegistryBuilder readyWithin(Duration limit) {
        this.readyWithin = limit;
        return this;
    }

    /**
     * Starts the registry and returns when it answers. The first start on a machine unpacks 110 MB.
     *
     * @throws IllegalArgumentException with all that is wrong with the settings
     * @throws StartException if the port is taken, the archive is not found, or the process ends or does not answer;
     *     nothing is left running then
     */
    public LocalRegistry start() {
        List<String> problems = new ArrayList<>();
        if (port < 0 || port > HIGHEST_PORT) {
            problems.add("port must be from 0 (any) to " + HIGHEST_PORT + " but was " + port);
        }
        if (heapMebibytes < LEAST_HEAP) {
            problems.add("heapMebibytes must be at least " + LEAST_HEAP + " but was " + heapMebibytes);
        }
        if (readyWithin.isNegative() || readyWithin.isZero()) {
            problems.add("readyWithin must be positive but was " + readyWithin);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("local schema registry: " + String.join("; ", problems));
        }
        return LocalRegistry.start(this);
    }
}
