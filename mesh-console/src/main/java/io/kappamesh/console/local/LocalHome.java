package io.kappamesh.console.local;

import io.kappamesh.command.LocalPlatformFile;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a local platform: data, logs, {@code mesh.properties}, and who runs it.
 *
 * <p>A platform runs as long as its supervisor holds the lock of the directory, which the operating system takes away from a process
 * that dies in whatever way. The processes are written down with the instant of their start, so that one that was left behind is
 * found again and never taken for another that has its number now.
 *
 * @param directory all of it
 */
record LocalHome(Path directory) {
    private static final List<String> PROCESSES = List.of("supervisor", "broker", "registry");

    /** Where programs find the platform. It is there while the platform answers. */
    Path settings() {
        return directory.resolve(LocalPlatformFile.NAME);
    }

    Path kafka() {
        return directory.resolve("kafka");
    }

    Path registry() {
        return directory.resolve("registry");
    }

    /** The output of the supervisor. */
    Path log() {
        return directory.resolve("up.log");
    }

    /** What somebody looks into who wants to know why something does not work. */
    List<Path> logs() {
        return List.of(
                kafka().resolve("broker-1").resolve("node.log"), registry().resolve("registry.log"), log());
    }

    /** The lock of a supervisor, until it is closed; empty = somebody else has it. */
    Optional<FileChannel> lock() {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return Optional.of(channel);
                }
            } catch (OverlappingFileLockException ours) {
                // Another thread of this JVM has it, which is the same as another process.
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + directory, e);
        }
    }

    boolean isRunning() {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        Optional<FileChannel> lock = lock();
        lock.ifPresent(LocalHome::close);
        return lock.isEmpty();
    }

    /** What a program needs to find the platform. */
    void writeSettings(String bootstrapServers, String registryUrl) {
        write(
                settings(),
                properties(
                        "bootstrap.servers",
                        bootstrapServers,
                        "schema.registry.url",
                        registryUrl,
                        "mesh.state.dir",
                        // Beside the brokers' data, so that a fresh platform begins without the state of the last one.
                        directory.resolve("state").toString()),
                "The platform that `mesh up` has started. `mesh down` deletes this file.");
    }

    /** Writes down who runs, to be found by {@link #processes}. */
    void writeProcesses(LocalKafka kafka, LocalRegistry registry) {
        write(
                directory.resolve("processes"),
                properties(
                        "supervisor", identity(ProcessHandle.current()),
                        "broker", identity(kafka.process(1).pid()),
                        "registry", identity(registry.process().pid())),
                null);
    }

    /** Those that were written down and are alive, the supervisor first. */
    List<ProcessHandle> processes() {
        Properties written = read(directory.resolve("processes"));
        return PROCESSES.stream()
                .flatMap(name -> alive(written.getProperty(name, "")).stream())
                .toList();
    }

    /** What {@link #writeSettings} has written; empty if the platform does not answer yet, or not any more. */
    Properties readSettings() {
        return read(settings());
    }

    /** Ends what a supervisor that was killed has left behind. Call it with the lock. */
    void endLeftovers() {
        processes().stream()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process -> {
                    process.destroyForcibly();
                    await(process);
                });
        endSettings();
    }

    /** Programs are not to find a platform that has ended. */
    void endSettings() {
        delete(settings());
    }

    /** Deletes data, state, logs and settings. Call it with the lock. */
    void deleteData() {
        for (Path path : List.of(kafka(), registry(), directory.resolve("state"), settings())) {
            delete(path);
        }
    }

    static void close(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) {
        if (Files.notExists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("process " + process.pid() + " does not end", e);
        }
    }

    private static String identity(long pid) {
        return ProcessHandle.of(pid).map(LocalHome::identity).orElse("");
    }

    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Instant::toString).orElse("");
    }

    private static Optional<ProcessHandle> alive(String identity) {
        String pid = identity.split(" ", 2)[0];
        return pid.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(pid))
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> identity(process).equals(identity));
    }

    private static Properties properties(String... keysAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.setProperty(keysAndValues[i], keysAndValues[i + 1]);
        }
        return properties;
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        if (Files.isRegularFile(file)) {
            try (var in = Files.newBufferedReader(file)) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
        return properties;
    }

    /** All of it or nothing, for whoever reads it at the same time. */
    private void write(Path file, Properties properties, @Nullable String comment) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.createDirectories(directory);
            try (Writer out = Files.newBufferedWriter(partial)) {
                properties.store(out, comment);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
