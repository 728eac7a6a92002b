package io.kappamesh.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What Linux tells about a process under {@code /proc}; nothing on other systems. */
final class ProcFile {

    private static final String PEAK = "VmHWM:";
    private static final int KIBIBYTE = 1024;

    private ProcFile() {}

    static OptionalLong peakMemoryBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
                    .findFirst();
        } catch (IOException | UncheckedIOException notThere) {
            // Another system, or the process is gone.
            return OptionalLong.empty();
        }
    }
}
