package io.kappamesh.platform;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory for local state, with a directory in it for each generation. That of a generation belongs to one process at a time; the lock
 * ends with the process, however that ends. Thread-safe.
 */
public final class StateDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
    /** Locked while a process has the directory; not empty from when it began until it has stopped in order. */
    private static final String LOCK = ".kappa-mesh.lock";
    /** Stands in the lock of a process whose stores hold nothing but what is committed. */
    private static final String COMMITTED_ONLY = ", transactional stores";

    private final Path directory;
    private final Map<Generation, FileChannel> taken = new ConcurrentHashMap<>();

    private StateDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes the directory. Here and once: products that start together would make it at the same time, and Kafka Streams fails where it
     * loses that race.
     *
     * @throws StartupException {@link ExitCode#CONFIGURATION} when it cannot be made
     */
    static StateDirectory in(Path directory) {
        try {
            Files.createDirectories(directory);
            return new StateDirectory(directory);
        } catch (IOException refused) {
            throw refused(directory, refused);
        }
    }

    /**
     * Takes what a generation keeps here, before it runs. Stores of a process that was killed hold what it had committed if they were
     * transactional and are so now; then they are taken up, and what is behind the changelogs is restored. Other stores may hold
     * records of an unfinished transaction, which nothing would tell from committed ones later: they are thrown away.
     *
     * @param transactional whether the stores write what is committed only (KIP-892)
     * @throws StartupException {@link ExitCode#CONFIGURATION} when another process has it, or it cannot be written
     */
    public void take(Generation generation, boolean transactional) {
        Path own = directory.resolve(generation.applicationId());
        try {
            Files.createDirectories(own);
            FileChannel lock = FileChannel.open(
                    own.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            String holder = content(lock);
            if (lock(lock) == null) {
                lock.close();
                throw new StartupException(
                        ExitCode.CONFIGURATION,
                        List.of("mesh.state.dir: " + generation + " is run from " + directory + " by another process ("
                                + holder + ") already; give each process a directory of its own"));
            }
            if (transactional && holder.endsWith(COMMITTED_ONLY)) {
                LOG.warn(
                        "{}: its process was killed ({}); goes on with the state that it had committed",
                        generation,
                        holder);
            } else if (!holder.isEmpty()) {
                empty(own);
                LOG.warn(
                        "{}: its process was killed ({}); its state is restored from its changelogs",
                        generation,
                        holder);
            }
            lock.truncate(0);
            String mine = "pid " + ProcessHandle.current().pid() + (transactional ? COMMITTED_ONLY : "");
            lock.write(ByteBuffer.wrap(mine.getBytes(StandardCharsets.UTF_8)), 0);
            taken.put(generation, lock);
        } catch (IOException refused) {
            throw refused(own, refused);
        }
    }

    /** Gives back what a generation keeps here, all of whose threads have ended in order. Idempotent. */
    public void giveBack(Generation generation) {
        FileChannel lock = taken.remove(generation);
        if (lock == null) {
            return;
        }
        try (lock) {
            lock.truncate(0);
        } catch (IOException broken) {
            LOG.warn("{}: cannot note that it stopped in order; its state will be restored", generation, broken);
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException here) {
            return null; // another mesh in this very process
        }
    }

    private static String content(FileChannel file) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(64);
        int length = file.read(text, 0);
        return length <= 0 ? "" : new String(text.array(), 0, length, StandardCharsets.UTF_8);
    }

    /**
     * Deletes the state of all tasks, which are directories. The files beside them stay: one of them has the id of this process, from
     * which its transactional ids follow. Under the same ids its producers end at once the transactions that the killed process left
     * open; under others, brokers would wait until those time out.
     */
    private static void empty(Path own) throws IOException {
        List<Path> tasks;
        try (Stream<Path> listed = Files.list(own)) {
            tasks = listed.filter(Files::isDirectory).toList();
        }
        for (Path task : tasks) {
            Utils.delete(task.toFile());
        }
    }

    private static StartupException refused(Path place, IOException why) {
        return new StartupException(
                ExitCode.CONFIGURATION,
                "mesh.state.dir: directory " + place + " cannot be made, or not be written (" + why.getMessage()
                        + "); set it to a place that this process may write to",
                why);
    }
}
