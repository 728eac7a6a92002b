package io.kappamesh.console.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user types them: processes, one after the other, on one local platform. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UpIT {
    @TempDir
    private Path directory;

    private final List<Integer> ports = Ports.free(2);

    @AfterEach
    void stop() {
        mesh("down");
    }

    @Test
    void platformIsFoundByOtherCommandsKeepsItsDataAndForgetsItWhenAsked() throws Exception {
        assertThat(up()).as(output()).isZero();
        assertThat(output()).contains("Ready", "127.0.0.1:" + ports.get(0), "node.log", "registry.log");
        try (Admin admin = admin()) {
            admin.createTopics(Set.of(new NewTopic("kept", 1, (short) 1))).all().get();
        }
        // A command without any address finds it, and asks brokers: there is no such product.
        mesh("status", "sales");
        assertThat(output()).contains("Settings: " + home().settings());

        List<ProcessHandle> first = home().processes();
        assertThat(up()).isZero();
        assertThat(output()).contains("Already running");
        assertThat(home().processes()).hasSize(3).isEqualTo(first);

        assertThat(mesh("down")).isZero();
        assertThat(output()).contains("Stopped");
        assertThat(home().settings()).doesNotExist();
        assertThat(first).noneMatch(ProcessHandle::isAlive);

        assertThat(up()).as(output()).isZero();
        assertThat(topics()).contains("kept");

        assertThat(up("--fresh")).as(output()).isZero();
        assertThat(topics()).doesNotContain("kept");
    }

    @Test
    void whatAKilledPlatformLeavesBehindIsNoObstacle() throws Exception {
        assertThat(up()).as(output()).isZero();
        List<ProcessHandle> killed = home().processes();
        killed.get(0).destroyForcibly();
        killed.get(0).onExit().get(20, TimeUnit.SECONDS);

        assertThat(up()).as(output()).isZero();

        assertThat(killed).noneMatch(ProcessHandle::isAlive);
        assertThat(home().processes()).hasSize(3).doesNotContainAnyElementsOf(killed);
    }

    @Test
    void portThatIsTakenIsNamedWithTheOptionThatChoosesAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(ports.get(1), 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThat(up()).isEqualTo(69);
        }
        assertThat(output()).contains("port " + ports.get(1)).contains("--registry-port");
        assertThat(mesh("down")).isZero();
        assertThat(output()).contains("Nothing is running.");
    }

    private int up(String... more) {
        String[] arguments = new String[5 + more.length];
        arguments[0] = "up";
        arguments[1] = "--broker-port";
        arguments[2] = ports.get(0).toString();
        arguments[3] = "--registry-port";
        arguments[4] = ports.get(1).toString();
        System.arraycopy(more, 0, arguments, 5, more.length);
        return mesh(arguments);
    }

    private int mesh(String... arguments) {
        try {
            Files.deleteIfExists(log());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        try (JavaProcess process = JavaCommand.main(
                        "mesh", log(), System.getProperty("java.class.path"), "io.kappamesh.console.Mesh")
                .jvmArguments("-Dmesh.local=" + home().directory())
                .environment(Map.of("MESH_PLATFORM_TIMEOUT", "20s"))
                .arguments(arguments)
                .start()) {
            return process.awaitExitCode();
        }
    }

    private LocalHome home() {
        return new LocalHome(directory.resolve("local"));
    }

    private Path log() {
        return directory.resolve("mesh.log");
    }

    private String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Set<String> topics() throws Exception {
        try (Admin admin = admin()) {
            return admin.listTopics().names().get();
        }
    }

    private Admin admin() {
        Properties settings = home().readSettings();
        return Admin.create(Map.of("bootstrap.servers", settings.getProperty("bootstrap.servers")));
    }
}
