package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.stack.Ports;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole pipeline in one command: files, ingest, products, PostgreSQL, and answers in SQL that equal those of another database over the generator's own
 * rows. {@code LoadIT} runs it at scale 0.01, where the answers are published.
 */
@Timeout(1500)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class ArchiveDemoIT {
    private static final String SCALE = System.getProperty("mesh.archive.scale", "0.1");

    @TempDir
    static Path temporary;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"1", "0.5", "0"})
    void answersInSqlAreThoseOfAnotherDatabaseWhateverCameByArchive(String history) throws Exception {
        List<Integer> ports = Ports.free(2);
        try (DemoRun demo = DemoRun.start(
                folder,
                temporary,
                "--scale",
                SCALE,
                "--history",
                history,
                "--from-archives",
                "--sql",
                "--postgres-port",
                ports.get(0).toString(),
                "--masterdata-port",
                ports.get(1).toString())) {
            int code = demo.awaitEnd();

            Assumptions.assumeFalse(
                    demo.output().contains("PostgreSQL does not run as root")
                            || demo.output().contains("PostgreSQL did not start"),
                    demo::output);
            assertThat(code).as(demo.output()).isZero();
            assertThat(demo.report().at("/sql/tables"))
                    .hasSize(9)
                    .allMatch(table -> table.path("agrees").asBoolean());
            assertThat(demo.report().at("/sql/queries"))
                    .hasSize(8)
                    .allMatch(query -> query.path("agrees").asBoolean());
            JsonNode customers = demo.report().at("/archive/masterdata.customer-rows.v1");
            assertThat(customers.path("live").longValue() > 0).isEqualTo(history.equals("0"));
            JsonNode shipments = demo.report().at("/archive/logistics.shipment-events.v1");
            assertThat(shipments.path("written").longValue() > 0).isEqualTo(!history.equals("0"));
            assertThat(shipments.path("live").longValue() > 0).isEqualTo(!history.equals("1"));
            assertThat(demo.output()).contains("equals the answer of H2");
        }
    }
}
