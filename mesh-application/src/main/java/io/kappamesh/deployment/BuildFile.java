package io.kappamesh.deployment;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a build declares: a domain's jar, which is asked, or what its command {@code contracts} has printed. Stateless. */
public final class BuildFile {
    private static final long SECONDS_TO_ANSWER = 60;

    private BuildFile() {}

    /** @throws StartupException if it does not say what it declares */
    public static List<ProductDescription> read(Path build) {
        if (!Files.isRegularFile(build)) {
            throw wrong(
                    build,
                    "is no file; name a domain's jar, or a file with what `java -jar DOMAIN.jar contracts` prints");
        }
        try {
            String text = build.toString().endsWith(".jar") ? asked(build) : Files.readString(build);
            return ContractFiles.products(text);
        } catch (DeclarationException noContracts) {
            throw wrong(build, String.valueOf(noContracts.getMessage()));
        } catch (IOException failed) {
            throw wrong(build, "cannot be read (" + failed.getMessage() + ")");
        }
    }

    private static String asked(Path jar) throws IOException {
        Path out = Files.createTempFile("contracts", ".json");
        try {
            Process program = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-jar",
                            jar.toString(),
                            "contracts",
                            "--to",
                            out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (!program.waitFor(SECONDS_TO_ANSWER, TimeUnit.SECONDS) || program.exitValue() != 0) {
                    throw wrong(
                            jar, "does not say what it declares; see what `java -jar " + jar + " contracts` prints");
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw wrong(jar, "was not asked to the end: interrupted");
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
