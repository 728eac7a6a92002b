package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.archive.Sale;
import io.kappamesh.contract.SourcePort;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check says; no broker is asked for it. */
class IngestCheckTest {
    private static final SourcePort<GenericRecord> KEPT_FOR_A_WEEK = SourcePort.events(
                    "check.sales.v1", GenericRecord.class)
            .schema(Sale.SCHEMA)
            .eventTime("at")
            .key("saleId")
            .describedAs("Sales of a test.")
            .keptFor(Duration.ofDays(7))
            .build();

    @TempDir
    Path directory;

    /** Those that belong to the live topic are not written, and not counted. */
    @Test
    void rowsThatBrokersWouldDeleteAreCounted() {
        Path file = Sale.write(directory.resolve("a.csv"), IngestLab.csv(0, 10, 1));

        IngestCheck check = check(ingest(file));
        assertThat(check.rows()).isEqualTo(10);
        assertThat(check.live()).isEqualTo(2);
        assertThat(check.expired()).isEqualTo(8);
        assertThat(check.isClean()).isFalse();

        IngestCheck allowed = check(ingest(file).allowExpired());
        assertThat(allowed.expired()).isZero();
        assertThat(allowed.isClean()).isTrue();
    }

    private static PortIngestBuilder<GenericRecord> ingest(Path file) {
        return PortIngest.builder(
                        IngestLab.settings("127.0.0.1:1", "http://127.0.0.1:1"),
                        IngestLab.product("check"),
                        KEPT_FOR_A_WEEK)
                .files(file.toString())
                .until(Instant.ofEpochSecond(8));
    }

    private static IngestCheck check(PortIngestBuilder<GenericRecord> builder) {
        try (PortIngest<GenericRecord> ingest = builder.build()) {
            return ingest.check();
        }
    }
}
