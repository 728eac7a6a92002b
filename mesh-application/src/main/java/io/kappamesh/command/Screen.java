package io.kappamesh.command;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Lines for a human, of which the last few are drawn over on a terminal, and else are repeated now and then. Used by one thread. */
public final class Screen {
    private static final Duration BETWEEN_PLAIN = Duration.ofSeconds(5);

    private final PrintStream out;
    private final boolean terminal;
    private int drawn;
    private long lastPlain = System.nanoTime() - BETWEEN_PLAIN.toNanos();

    /** @param terminal whether lines can be drawn over */
    public Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A line that stays. */
    public void say(String line) {
        erase();
        out.println(line);
        out.flush();
    }

    /** Lines that stay until the next call. */
    public void draw(List<String> lines) {
        if (terminal) {
            erase();
            lines.forEach(out::println);
            drawn = lines.size();
        } else if (System.nanoTime() - lastPlain >= BETWEEN_PLAIN.toNanos()) {
            lastPlain = System.nanoTime();
            lines.forEach(out::println);
        }
        out.flush();
    }

    /** Lines that stay for good, in the place of those that were drawn. */
    public void keep(List<String> lines) {
        erase();
        lines.forEach(out::println);
        out.flush();
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
            drawn = 0;
        }
    }
}
