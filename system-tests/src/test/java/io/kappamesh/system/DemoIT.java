package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.stack.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo as its user runs it. The default share of history, 0.9, is what .ci/run runs. */
class DemoIT {
    private static final int ORDERS = 15_000;
    private static final int LINES = 60_175;

    /** Shared, because the registry is unpacked there once. */
    @TempDir
    static Path temporary;

    @TempDir
    Path folder;

    /** None of it is history in the next test as well, nine tenths in CI's demo. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void answersAreThePublishedOnesWhateverIsHistory(double history) throws Exception {
        try (DemoRun demo = DemoRun.start(folder, temporary, "--history", Double.toString(history))) {
            List<ProcessHandle> parts = allPartsOf(demo);

            int code = demo.awaitEnd();

            assertThat(code).as(demo.output()).isZero();
            assertThat(demo.report().path("history").asDouble()).isEqualTo(history);
            requireComplete(demo.report());
            assertThat(parts).noneMatch(ProcessHandle::isAlive);
            requireNoFilesLeft();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void answersAreThePublishedOnesWhenShipmentsOutrunTheirOrders() throws Exception {
        try (DemoRun demo = DemoRun.start(folder, temporary, "--history", "0", "--live-rate", "8000", "--serve")) {
            List<ProcessHandle> parts = allPartsOf(demo);
            Arrivals arrivals = Arrivals.midway(demo.bootstrapServers(), LINES);

            demo.awaitServing();

            assertThat(demo.isAlive()).as(demo.output()).isTrue();
            requireComplete(demo.report());
            assertThat(arrivals.shipmentsThatOutranTheirOrder()).isPositive();
            assertThat(arrivals.shipmentsThatFollowedTheirOrder()).isPositive();

            demo.interrupt();

            assertThat(parts).noneMatch(ProcessHandle::isAlive);
            requireNoFilesLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, --broker-port", "1, --registry-port", "2, --sales-port", "3, --logistics-port"})
    void takenPortIsNamedWithItsOption(int which, String option) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Integer> ports = new ArrayList<>(Ports.free(4));
            ports.set(which, taken.getLocalPort());

            try (DemoRun demo = DemoRun.onPorts(folder, temporary, ports)) {
                int code = demo.awaitEnd();

                assertThat(code).isEqualTo(2);
                assertThat(demo.output())
                        .contains("port " + taken.getLocalPort() + " of 127.0.0.1 is taken; choose another one with "
                                + option)
                        .doesNotContain("Exception");
                assertThat(demo.parts()).isEmpty();
                requireNoFilesLeft();
            }
        }
    }

    @Test
    void takenPortOfTheDomainThatOnlySqlAsksForIsNamedToo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DemoRun demo = DemoRun.start(
                        folder, temporary, "--sql", "--masterdata-port", Integer.toString(taken.getLocalPort()))) {
            int code = demo.awaitEnd();

            assertThat(code).isEqualTo(2);
            assertThat(demo.output())
                    .contains("port " + taken.getLocalPort()
                            + " of 127.0.0.1 is taken; choose another one with --masterdata-port");
            requireNoFilesLeft();
        }
    }

    /** Waits until broker, registry and both domains run. */
    private static List<ProcessHandle> allPartsOf(DemoRun demo) {
        await().alias("both domains to be started")
                .atMost(TestPlatform.TIMEOUT)
                .until(() -> !demo.isAlive() || demo.output().contains("Feeding"));
        assertThat(demo.parts()).as(demo.output()).hasSize(4).allMatch(ProcessHandle::isAlive);
        return demo.parts();
    }

    private static void requireNoFilesLeft() {
        assertThat(temporary).isDirectoryNotContaining("glob:**mesh-demo*");
    }

    private static void requireComplete(JsonNode report) {
        assertThat(report.path("queries"))
                .hasSize(4)
                .allSatisfy(query -> assertThat(query.path("agrees").asBoolean())
                        .as(query.toPrettyString())
                        .isTrue());
        assertThat(counts(report, "recordsIn"))
                .containsEntry("sales.orders", ORDERS)
                .containsEntry("sales.daily-revenue", ORDERS)
                .containsEntry("logistics.shipments", ORDERS + 2 * LINES);
        assertThat(counts(report, "recordsOut")).containsEntry("sales.orders", ORDERS);
        assertThat(counts(report, "recordsOut").get("logistics.shipments")).isBetween(LINES, 3 * LINES);
        assertThat(counts(report, "recordsIn").get("logistics.late-deliveries"))
                .isEqualTo(counts(report, "recordsOut").get("logistics.shipments"));
        assertThat(counts(report, "deadLetters").values()).hasSize(5).containsOnly(0);
        assertThat(report.path("peakMemoryBytes").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("broker", "registry", "sales", "logistics");
        assertThat(report.path("peakMemoryBytes"))
                .allSatisfy(bytes -> assertThat(bytes.asLong()).isPositive());
    }

    private static Map<String, Integer> counts(JsonNode report, String what) {
        Map<String, Integer> counts = new HashMap<>();
        report.path("products")
                .properties()
                .forEach(product -> counts.put(
                        product.getKey(), product.getValue().path(what).asInt()));
        return counts;
    }
}
