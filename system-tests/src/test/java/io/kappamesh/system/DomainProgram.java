package io.kappamesh.system;

import io.kappamesh.stack.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The program of a worked domain as its module packages it: {@code sales} or {@code logistics}. */
final class DomainProgram {
    private DomainProgram() {}

    /** A process of it that writes what it says to a file. */
    static JavaCommand of(String domain, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return JavaCommand.jar(domain, log, jar("mesh-domain-" + domain))
                .jvmArguments("-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
    }

    private static Path jar(String module) {
        try (Stream<Path> files = Files.list(Checkout.root().resolve(module).resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().matches(module + "-[0-9].*\\.jar"))
                    .filter(file -> !file.getFileName().toString().matches(".*-(tests|sources|javadoc)\\.jar"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException missing) {
            throw new IllegalStateException("build the domains first: mvn package", missing);
        }
    }
}
