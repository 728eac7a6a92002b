package io.kappamesh.stack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Ends the child processes of this JVM if it is killed or crashes, and so runs no shutdown hook: a shell reads from this JVM which of them live, and kills those
 * that are left when the pipe ends. Where there is no POSIX shell, it does nothing. Thread-safe.
 */
final class ProcessGuard {
    /** What a terminal sends to the JVM must not end it first. */
    static final String SCRIPT = """
            trap '' INT TERM HUP QUIT
            left=' '
            while read -r what pid; do
              case $what in
                begun) left="$left$pid " ;;
                ended) case $left in *" $pid "*) left=${left%%" $pid "*}" "${left#*" $pid "} ;; esac ;;
              esac
            done
            for pid in $left; do kill -9 "$pid" 2> /dev/null; done
            """;

    private static final ProcessGuard HERE = new ProcessGuard();

    private final @Nullable OutputStream pipe;

    private ProcessGuard() {
        pipe = start();
    }

    /** That of this JVM. */
    static ProcessGuard here() {
        return HERE;
    }

    private static @Nullable OutputStream start() {
        try {
            return new ProcessBuilder("sh", "-c", SCRIPT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream();
        } catch (IOException noShell) {
            return null;
        }
    }

    /** It is to end with this JVM. */
    void begun(long pid) {
        tell("begun " + pid);
    }

    /** It has ended: its id may become another one's. */
    void ended(long pid) {
        tell("ended " + pid);
    }

    private synchronized void tell(String line) {
        if (pipe == null) {
            return;
        }
        try {
            pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
        } catch (IOException guardIsGone) {
            // Somebody has killed it: children end by the shutdown hook, as they would without it.
            return;
        }
    }
}
