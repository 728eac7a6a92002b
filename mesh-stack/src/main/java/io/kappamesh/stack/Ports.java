package io.kappamesh.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** TCP ports on loopback. Thread-safe. */
public final class Ports {

    private static final int CONNECT_MILLIS = 500;
    private static final int FIRST = 10_000;
    /** On Linux; elsewhere they begin higher. */
    private static final int FIRST_OF_CONNECTIONS = 32_768;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    /** Open for the life of this process, which locks a byte of it for each port that it was given; null = there is no place for it. */
    private static final @Nullable FileChannel RESERVED = reservations();

    /** Kept, because Java forgets a lock that nobody has. */
    private static final Queue<FileLock> LOCKS = new ConcurrentLinkedQueue<>();

    private Ports() {}

    /** Returns a port that was free a moment ago; see {@link #free(int)}. */
    public static int free() {
        return free(1).get(0);
    }

    /**
     * Returns that many different ports that were free a moment ago. They are drawn from below those that operating systems give
     * to outgoing connections, so that none of these takes one before its owner does. No process of this user, with the same
     * directory for temporary files, was given one of them before and goes on: its owner may not listen yet, or listen again.
     *
     * @param count how many
     */
    public static List<Integer> free(int count) {
        return ThreadLocalRandom.current()
                .ints(FIRST, FIRST_OF_CONNECTIONS)
                .filter(port -> !taken(port))
                .filter(port -> reserve(port) && GIVEN.add(port))
                .limit(count)
                .boxed()
                .toList();
    }

    private static @Nullable FileChannel reservations() {
        try {
            return FileChannel.open(
                    Path.of(System.getProperty("java.io.tmpdir"), "kappa-mesh-ports"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        } catch (IOException ofAnotherUser) {
            return null;
        }
    }

    /** Until this process ends, no other one is given it. */
    private static boolean reserve(int port) {
        FileChannel reserved = RESERVED;
        try {
            if (reserved == null) {
                return true;
            }
            FileLock lock = reserved.tryLock(port, 1, false);
            return lock != null && LOCKS.add(lock);
        } catch (OverlappingFileLockException ofThisProcess) {
            return false;
        } catch (IOException noLocksThere) {
            return true;
        }
    }

    /**
     * Says whether something on this machine listens on the port.
     *
     * @param port from 1 to 65535
     */
    public static boolean taken(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Connections of an earlier owner that still linger must not count as an owner.
            socket.setReuseAddress(true);
            socket.bind(loopback(port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(loopback(port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static void requireFree(String what, int port) {
        if (taken(port)) {
            throw new StartException(what + ": port " + port + " on 127.0.0.1 is taken by another process;"
                    + " stop that process, or choose another port with port(…), where 0 means any free one");
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
