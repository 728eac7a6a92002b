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
import org.junit.jupiter.params.provider.ValueSource;

class LazyAdminTest {
    /** How a server begins to speak TLS. */
    private static final String TLS = "160303007a02";

    /** The length of a broker's answer, and the number of the question. */
    private static final String KAFKA = "0000001000000001";

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
    void settingsThatDoNotHoldAreToldWithTheirCause() throws IOException {
        try (Port port = new Port(TLS);
                Admin admin = LazyAdmin.of(Map.of(
                        "bootstrap.servers",
                        port.address,
                        "security.protocol",
                        "SSL",
                        "ssl.truststore.location",
                        "/none"))) {
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
        "SASL_PLAINTEXT, 15030300020228, speaks TLS",
        "SASL_PLAINTEXT, 48545450, speaks HTTP",
        "SASL_PLAINTEXT, 5353482d, does not speak Kafka",
        "SASL_SSL, 48545450, speaks HTTP",
        "SASL_SSL, 5353482d, does not speak Kafka",
    })
    void aPortOfSomethingElseIsToldBeforeItsAnswerIsTakenForALength(String protocol, String answer, String why)
            throws IOException {
        try (Port port = new Port(answer);
                Admin admin = LazyAdmin.of(client(port.address, protocol))) {
            assertThatThrownBy(admin::describeCluster)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(port.address)
                    .hasMessageContaining(why);
        }
    }

    /** A broker without TLS hangs up on the greeting, which is longer than any question, or waits for the rest of it. */
    @ParameterizedTest
    @ValueSource(strings = {"SSL", "SASL_SSL"})
    void aBrokersPortWithoutTlsIsToldToAClientThatUsesIt(String protocol) throws IOException {
        try (Port port = new Port("", KAFKA);
                Admin admin = LazyAdmin.of(client(port.address, protocol))) {
            assertThatThrownBy(admin::describeCluster)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(port.address + " is a broker's port without TLS")
                    .hasMessageContaining("security.protocol is " + protocol)
                    .hasMessageContaining("set PLAINTEXT or SASL_PLAINTEXT");
        }
    }

    @ParameterizedTest
    @CsvSource({"SSL, " + TLS, "PLAINTEXT, " + KAFKA})
    void aClientIsMadeWhereWhatItExpectsListens(String protocol, String answer) throws IOException {
        try (Port port = new Port(answer);
                Admin admin = LazyAdmin.of(client(port.address, protocol))) {
            LazyAdmin.connect(admin);

            assertThat(admin.metrics()).isNotEmpty();
        }
    }

    /** Kafka's client would be connected already, and take an answer for a length, when it turns out what listens there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noClientIsMadeBeforeItIsKnownWhatListens(boolean hangsUp) throws IOException {
        try (Port port = new Port("", "15030300020228")) {
            // Nobody listens on port 1.
            String address = hangsUp ? port.address : "127.0.0.1:1";
            try (Admin admin = LazyAdmin.of(client(address, "SASL_PLAINTEXT"))) {
                assertThatThrownBy(admin::describeCluster)
                        .isInstanceOf(RetriableException.class)
                        .hasMessageContaining(address)
                        .matches(LazyAdmin::isNotThereYet);
                if (hangsUp) {
                    assertThatThrownBy(() -> LazyAdmin.connect(admin)).hasMessageContaining("speaks TLS");
                }
            }
        }
    }

    private static Map<String, Object> client(String address, String protocol) {
        return Map.of("bootstrap.servers", address, "security.protocol", protocol);
    }

    /** A port that gives each connection the next answer, and the last one to all that follow; an empty one hangs up. */
    private static final class Port implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final String address = "127.0.0.1:" + server.getLocalPort();

        Port(String... answers) throws IOException {
            Thread answering = new Thread(() -> {
                for (int i = 0; !server.isClosed(); i++) {
                    answer(answers[Math.min(i, answers.length - 1)]);
                }
            });
            answering.setDaemon(true);
            answering.start();
        }

        private void answer(String answer) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[1 << 12]);
                socket.getOutputStream().write(HexFormat.of().parseHex(answer));
            } catch (IOException over) {
                // the client has seen enough, or the test has
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
