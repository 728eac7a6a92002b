package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.stack.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A team that adopts the library, outside this build: {@code .ci/outside} tells what it does. */
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class OutsideIT {
    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void newDomainIsBuiltAndRunAgainstDeployedLibrariesOnly() throws IOException, InterruptedException {
        Path log = directory.resolve("outside.log");
        ProcessBuilder script = new ProcessBuilder(Path.of("..", ".ci", "outside")
                        .toAbsolutePath()
                        .normalize()
                        .toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // Two next to each other.
        script.environment().put("CI_PORT", Integer.toString(freePair()));

        int code = script.start().waitFor();

        assertThat(code).as(() -> read(log)).isZero();
    }

    private static int freePair() {
        int port = Ports.free();
        while (Ports.taken(port + 1)) {
            port = Ports.free();
        }
        return port;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
