package io.kappamesh.deployment;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a build declares: a domain's jar or directory of classes and jars, which is asked, or what its command {@code contracts} has printed. Stateless. */
public final class BuildFile {
    private static final long SECONDS_TO_ANSWER = 60;

    private BuildFile() {}

    /** @throws StartupException if it does not say what it declares */
    public static List<ProductDescription> read(Path build) {
        if (!Files.exists(build)) {
            throw wrong(
                    build,
                    "does not exist; name a domain's jar, a directory with its classes and jars, or a file with what"
                            + " `java -jar DOMAIN.jar contracts` prints");
        }
        try {
            return ContractFiles.products(text(build));
        } catch (IllegalArgumentException noContracts) {
            throw wrong(build, String.valueOf(noContracts.getMessage()));
        } catch (IOException | UncheckedIOException failed) {
            throw wrong(build, "cannot be read (" + failed.getMessage() + ")");
        }
    }

    private static String text(Path build) throws IOException {
        if (Files.isDirectory(build)) {
            return asked(build, new BuildDirectory(build).program());
        }
        return build.toString().endsWith(".jar")
                ? asked(build, List.of("-jar", build.toString()))
                : Files.readString(build);
    }

    private static String asked(Path build, List<String> run) throws IOException {
        Path out = Files.createTempFile("contracts", ".json");
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC"));
            command.addAll(run);
            command.addAll(List.of("contracts", "--to", out.toString()));
            Process program = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (!program.waitFor(SECONDS_TO_ANSWER, TimeUnit.SECONDS) || program.exitValue() != 0) {
                    throw wrong(
                            build,
                            "does not say what it declares; see what `java " + String.join(" ", run)
                                    + " contracts` prints");
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw wrong(build, "was not asked to the end: interrupted");
            } finally {
                program.destroyForcibly();
            }
            return Files.readString(out, StandardCharsets.UTF_8);
        } finally {
            Files.deleteIfExists(out);
        }
    }

    private static StartupException wrong(Path build, String what) {
        return new StartupException(ExitCode.CONFIGURATION, List.of(build + ": " + what));
    }
}
