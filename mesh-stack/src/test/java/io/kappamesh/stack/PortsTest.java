package io.kappamesh.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void freePortsAreDifferentAndNotTaken() {
        assertThat(Ports.free(5)).doesNotHaveDuplicates().noneMatch(Ports::taken);
    }

    @Test
    void portThatWasGivenIsNotGivenAgain() {
        // So many that two alike were all but certain, if each were drawn for itself: there are 22,768.
        assertThat(IntStream.range(0, 1_000).mapToObj(call -> Ports.free())).doesNotHaveDuplicates();
    }

    /** Draws ports, tells them, and lives until its input ends. */
    static final class Drawing {
        private Drawing() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println(Ports.free(1_000).stream().map(String::valueOf).collect(Collectors.joining(" ")));
            int unused = System.in.read();
        }
    }

    @Test
    void portThatAnotherProcessWasGivenIsNotGiven() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Drawing.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = other.inputReader()) {
            Set<Integer> its =
                    Stream.of(said.readLine().split(" ")).map(Integer::valueOf).collect(Collectors.toSet());

            // So many that some of the other's were among them all but always, if nobody held those.
            assertThat(its).hasSize(1_000);
            assertThat(Ports.free(1_000)).doesNotContainAnyElementsOf(its);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void portWithAListenerIsTaken() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.taken(listener.getLocalPort())).isTrue();
        }
    }

    @Test
    void listenerOnAllAddressesTakesThePortToo() throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            assertThat(Ports.taken(listener.getLocalPort())).isTrue();
        }
    }

    @Test
    void brokerRefusesATakenPortBeforeStartingAnything() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = listener.getLocalPort();
            long before = ProcessHandle.current().children().count();

            assertThatThrownBy(() -> LocalKafka.builder().port(port).start())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("local Kafka: port " + port + " on 127.0.0.1 is taken")
                    .hasMessageContaining("choose another port");
            assertThat(ProcessHandle.current().children().count()).isEqualTo(before);
        }
    }

    @Test
    void registryRefusesATakenPort() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = listener.getLocalPort();

            assertThatThrownBy(() -> LocalRegistry.builder().port(port).start())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("local schema registry: port " + port + " on 127.0.0.1 is taken");
        }
    }

    @Test
    void allProblemsOfTheSettingsAreNamedTogether() {
        assertThatThrownBy(() -> LocalKafka.builder()
                        .brokers(0)
                        .heapMebibytes(1)
                        .port(-1)
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("brokers must be at least 1 but was 0")
                .hasMessageContaining("heapMebibytes must be at least 64 but was 1")
                .hasMessageContaining("but was -1");
    }
}
