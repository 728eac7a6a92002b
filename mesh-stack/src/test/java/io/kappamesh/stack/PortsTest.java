package io.kappamesh.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
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
