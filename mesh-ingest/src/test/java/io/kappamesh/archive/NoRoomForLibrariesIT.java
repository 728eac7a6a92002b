package io.kappamesh.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.fixture.KillableProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where libraries of other languages cannot be unpacked, because the disk of temporary files is full or nothing may be run from it: an error that says so. */
@Timeout(300)
class NoRoomForLibrariesIT {
    @TempDir
    Path directory;

    /** What the process runs: {@code FILE}. Ends with 0 if the error names what is wrong and what to do. */
    public static void main(String[] arguments) {
        ArchiveFile file = ArchiveFile.of(Path.of(arguments[0]));
        for (int time = 1; time <= 2; time++) {
            try (ArchiveRows<GenericRecord> rows = ArchiveFormat.ofName(file.name())
                    .orElseThrow()
                    .open(file, GenericRecord.class, Sale.SCHEMA, RowPosition.BEGINNING)) {
                rows.drain();
                System.out.println("was read");
                System.exit(1);
            } catch (LifecycleException expected) {
                System.out.println(expected.getMessage());
                String said = String.valueOf(expected.getMessage());
                if (!said.contains(file.name())
                        || !said.contains("cannot be loaded")
                        || !said.contains("java.io.tmpdir")) {
                    System.exit(1);
                }
            }
        }
        System.exit(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rows.csv.zst | FORMAT csv, COMPRESSION zstd",
                "snappy.parquet | FORMAT parquet",
                "zstd.parquet | FORMAT parquet, COMPRESSION zstd"
            })
    void libraryThatCannotBeUnpackedIsAnErrorThatSaysSo(String name, String options) throws Exception {
        Path file = directory.resolve(name);
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (SELECT 's' AS sale_id, 1.5::DECIMAL(7, 2) AS amount, make_timestamp(0) AS at FROM range(100)) TO '"
                            + file + "' (" + options + ")");
        }
        Path noDirectory = Sale.write(directory.resolve("file"), "").resolve("temporary");
        try (KillableProcess process = KillableProcess.start(
                "no-room-process",
                List.of("-Djava.io.tmpdir=" + noDirectory),
                NoRoomForLibrariesIT.class,
                List.of(file.toString()))) {
            assertThat(process.awaitEnd()).as("see target/no-room-process.log").isZero();
        }
    }
}
