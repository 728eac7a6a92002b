package io.kappamesh.observe;

import io.kappamesh.intake.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says in the log how many records the intake of one generation refuses and for which reasons: of the first at once, and then no more
 * than a line a minute, however many there are. It tells nothing of a record. Thread-safe.
 */
final class RejectionLog {
    static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final String generation;
    private final Clock clock;
    private final Consumer<String> lines;
    private final Map<Reason, Long> untold = new EnumMap<>(Reason.class);
    private @Nullable Instant lastLine;

    /** @param lines is given each line, on the thread that noticed that it is due */
    RejectionLog(String generation, Clock clock, Consumer<String> lines) {
        this.generation = generation;
        this.clock = clock;
        this.lines = lines;
    }

    synchronized void refused(Reason reason) {
        untold.merge(reason, 1L, Long::sum);
        tellIfDue();
    }

    /** Tells what is left, if a minute has passed; to be called every second or so. */
    synchronized void tellIfDue() {
        Instant last = lastLine;
        if (last == null || Duration.between(last, clock.instant()).compareTo(BETWEEN_LINES) >= 0) {
            tell();
        }
    }

    /** Tells what is left, at the end. */
    synchronized void tell() {
        long count = untold.values().stream().mapToLong(Long::longValue).sum();
        if (count > 0) {
            lines.accept(generation + ": refused " + count + (count == 1 ? " record" : " records") + " (" + reasons()
                    + "); they are in its dead letters, with what is wrong in the header __streams.errors.message");
            untold.clear();
            lastLine = clock.instant();
        }
    }

    private String reasons() {
        return untold.entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey().text())
                .collect(Collectors.joining(", "));
    }
}
