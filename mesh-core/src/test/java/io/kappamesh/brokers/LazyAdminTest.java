package io.kappamesh.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LazyAdminTest {

    @Test
    void aNameThatDoesNotResolveIsToldByEachQuestionAndNotBefore() {
        try (Admin admin = LazyAdmin.of(Map.of("bootstrap.servers", "broker.invalid:9092"))) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(admin::describeCluster)
                        .isInstanceOf(ConfigException.class)
                        .matches(LazyAdmin::isUnresolved);
            }
        }
    }

    @Test
    void settingsThatDoNotHoldAreToldWithTheirCause() {
        try (Admin admin = LazyAdmin.of(Map.of(
                "bootstrap.servers", "localhost:1", "security.protocol", "SSL", "ssl.truststore.location", "/none"))) {
            assertThatThrownBy(admin::describeCluster)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("/none")
                    .matches(fault -> !LazyAdmin.isUnresolved(fault));
        }
    }

    @Test
    void aClosedOneIsNotMadeAnyMore() {
        Admin admin = LazyAdmin.of(Map.of("bootstrap.servers", "localhost:1"));
        admin.close(Duration.ZERO);
        admin.close();

        assertThatThrownBy(admin::describeCluster).isInstanceOf(IllegalStateException.class);
        assertThat(Set.of(admin)).contains(admin).hasToString("[an admin client]");
    }

    @ParameterizedTest
    @CsvSource({
        "15030300020228, speaks TLS",
        "48545450, speaks HTTP",
        "5353482d, does not speak Kafka",
    })
    void aPortOfSomethingElseIsToldBeforeItsAnswerIsTakenForALength(String answer, String why) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(server, HexFormat.of().parseHex(answer)));
            answering.start();
            String address = "127.0.0.1:" + server.getLocalPort();
            try (Admin admin =
                    LazyAdmin.of(Map.of("bootstrap.servers", address, "security.protocol", "SASL_PLAINTEXT"))) {
                assertThatThrownBy(admin::describeCluster)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining(address)
                        .hasMessageContaining(why);
            }
        }
    }

    /** Kafka's client would be connected already, and take an answer for a length, when it turns out what listens there. */
    @Test
    void noClientIsMadeBeforeItIsKnownWhatListens() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (Admin admin = LazyAdmin.of(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            assertThatThrownBy(admin::describeCluster)
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .matches(LazyAdmin::isNotThereYet);
            try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                Thread answering =
                        new Thread(() -> answer(server, HexFormat.of().parseHex("15030300020228")));
                answering.start();
                assertThatThrownBy(admin::describeCluster).hasMessageContaining("speaks TLS");
            }
        }
    }

    private static void answer(ServerSocket server, byte[] answer) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write(answer);
            socket.getInputStream().readAllBytes();
        } catch (IOException over) {
            // the client has seen enough
        }
    }
}
