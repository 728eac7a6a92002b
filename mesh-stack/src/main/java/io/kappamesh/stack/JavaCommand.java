package io.kappamesh.stack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start a child JVM with the {@code java} that runs this one. Immutable; {@link #start()} may be called as often
 * as wanted, each call starts one process.
 */
public final class JavaCommand {

    private final String name;
    private final List<String> jvmArguments;
    private final List<String> program;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final Path log;

    private JavaCommand(
            String name,
            List<String> jvmArguments,
            List<String> program,
            List<String> arguments,
            Map<String, String> environment,
            Path log) {
        this.name = name;
        this.jvmArguments = List.copyOf(jvmArguments);
        this.program = List.copyOf(program);
        this.arguments = List.copyOf(arguments);
        this.environment = Map.copyOf(environment);
        this.log = log.toAbsolutePath();
    }

    /**
     * A main class on a class path.
     *
     * @param name what messages call the process
     * @param log the file to which its output and errors are appended; its folder becomes the working directory
     */
    public static JavaCommand main(String name, Path log, String classPath, String mainClass) {
        return of(name, log, List.of("-cp", classPath, mainClass));
    }

    /**
     * An executable jar, as in {@code java -jar}.
     *
     * @param name what messages call the process
     * @param log the file to which its output and errors are appended; its folder becomes the working directory
     */
    public static JavaCommand jar(String name, Path log, Path jar) {
        return of(name, log, List.of("-jar", jar.toAbsolutePath().toString()));
    }

    private static JavaCommand of(String name, Path log, List<String> program) {
        return new JavaCommand(name, List.of(), program, List.of(), Map.of(), log);
    }

    /** Adds arguments for the JVM, such as {@code -Xmx256m}. */
    public JavaCommand jvmArguments(String... more) {
        return new JavaCommand(name, joined(jvmArguments, more), program, arguments, environment, log);
    }

    /** Adds arguments for the program. */
    public JavaCommand arguments(String... more) {
        return new JavaCommand(name, jvmArguments, program, joined(arguments, more), environment, log);
    }

    /** Adds variables to the environment inherited from this process. */
    public JavaCommand environment(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.putAll(more);
        return new JavaCommand(name, jvmArguments, program, arguments, all, log);
    }

    /**
     * Starts a process. It is ended with this JVM at the latest.
     *
     * @throws StartException if the operating system refuses
     */
    public JavaProcess start() {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvmArguments);
        line.addAll(program);
        line.addAll(arguments);
        File output = log.toFile();
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(output.getParentFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(output.getParentFile().toPath());
            // There before the first child is.
            ProcessGuard guard = ProcessGuard.here();
            return new JavaProcess(name, builder.start(), log, guard);
        } catch (UncheckedIOException | IOException e) {
            throw new StartException(
                    name + ": cannot start " + line.get(0) + ", log " + log + ": " + e.getMessage(), e);
        }
    }

    private static List<String> joined(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }
}
