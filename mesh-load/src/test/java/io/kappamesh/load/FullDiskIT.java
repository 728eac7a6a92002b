package io.kappamesh.load;

import static io.kappamesh.load.LoadLab.SALE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.SmallDisk;
import io.kappamesh.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Disks without room, PostgreSQL's and this machine's: a clear error, nothing lost, and it goes on when there is room. */
@Timeout(180)
class FullDiskIT {
    private static final int KEYS = 20_000;
    private static final int RECORDS = 30_000;
    /** More than the tables need when they are empty, and less than the rows. */
    private static final int SMALL = 1_024;

    private static final int LARGE = 65_536;
    /** Less than sorted tables need when they are empty. */
    private static final int TINY = 24;

    @RegisterExtension
    static final LoadLab lab = new LoadLab();

    @AfterEach
    void nothingIsOnTheSmallDiskAnyMore() throws Exception {
        lab.postgres()
                .run(
                        "DROP SCHEMA IF EXISTS full1 CASCADE",
                        "DROP SCHEMA IF EXISTS full2 CASCADE",
                        "ALTER DATABASE postgres RESET ALL");
        lab.postgres().run("DROP TABLESPACE IF EXISTS small");
    }

    @Test
    void fullDiskOfPostgresIsWaitedForAndTheLoaderGoesOnWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mountOrSkip(SMALL)) {
            useForTables(disk);
            String port = port("full1.sales.v1");
            try (PortLoader loader = lab.loader(port).batchRecords(500).start()) {
                await().atMost(LoadLab.TIMEOUT)
                        .until(() -> loader.progress()
                                .trouble()
                                .filter(why ->
                                        why.contains("SQLSTATE 53100") && why.contains("No space left on device"))
                                .isPresent());
                assertPartlyLoaded(port, "full1");

                disk.resize(LARGE);

                lab.awaitLoaded(port);
                assertThat(loader.failure()).isEmpty();
            }
            lab.assertComplete(port);
            nothingIsOnTheSmallDiskAnyMore();
        }
    }

    @Test
    void fullDiskOfPostgresThatStaysFullEndsTheLoaderAndTheNextOneGoesOn() throws Exception {
        try (SmallDisk disk = SmallDisk.mountOrSkip(SMALL)) {
            useForTables(disk);
            String port = port("full2.sales.v1");
            Map<String, String> values = lab.values();
            values.put("mesh.platform.timeout", "PT1S");
            try (PortLoader loader = PortLoader.builder(Settings.of(values, Map.of()), port)
                    .jdbc(lab.postgres().url())
                    .batchRecords(500)
                    .build()) {
                assertThatThrownBy(loader::loadToEnd)
                        .hasMessageContaining("SQLSTATE 53100")
                        .hasMessageContaining("mesh.platform.timeout")
                        .asInstanceOf(type(LifecycleException.class))
                        .extracting(LifecycleException::exitCode)
                        .isEqualTo(ExitCode.PLATFORM);
            }
            assertPartlyLoaded(port, "full2");

            disk.resize(LARGE);
            lab.load(port);

            lab.assertComplete(port);
            nothingIsOnTheSmallDiskAnyMore();
        }
    }

    @Test
    void comparisonOnAFullDiskIsAClearErrorThatLeavesNothingAndCanBeRepeated() throws Exception {
        try (SmallDisk disk = SmallDisk.mountOrSkip(TINY)) {
            String port = port("full3.sales.v1");
            lab.load(port);
            Map<String, String> values = lab.values();
            values.put("mesh.state.dir", disk.path().toString());
            PortLoaderBuilder comparing = PortLoader.builder(Settings.of(values, Map.of()), port)
                    .jdbc(lab.postgres().url());

            assertThatThrownBy(() -> comparing.verify(Progress.SILENT))
                    .hasMessageContaining("full3.sales.v1")
                    .hasMessageContaining("has room")
                    .asInstanceOf(type(LifecycleException.class))
                    .extracting(LifecycleException::exitCode)
                    .isEqualTo(ExitCode.PLATFORM);
            assertThat(files(disk.path())).isEmpty();

            disk.resize(LARGE);
            assertThat(comparing.verify(Progress.SILENT).isComplete()).isTrue();
        }
    }

    /** Some of it and not all, and that is right. */
    private static void assertPartlyLoaded(String port, String domain) throws Exception {
        lab.assertCompleteUpToItsPositions(port);
        assertThat(number("SELECT count(*) FROM " + domain + ".sales_v1")).isPositive();
        assertThat(number("SELECT sum(next_offset) FROM " + domain + "._mesh_positions"))
                .isBetween(1L, RECORDS - 1L);
    }

    private static long number(String query) throws Exception {
        return Long.parseLong(lab.postgres().value(query));
    }

    private static String port(String address) throws Exception {
        int id = lab.port(address, 2, SALE);
        lab.broker().writeAll(lab.sales(address, id, KEYS, RECORDS, 1, new Random(3)));
        return address;
    }

    /** Whoever connects from now on makes his tables there. */
    private static void useForTables(SmallDisk disk) throws Exception {
        Path directory = Files.createDirectory(disk.path().resolve("tables"));
        lab.postgres().run("CREATE TABLESPACE small LOCATION '" + directory + "'");
        lab.postgres().run("ALTER DATABASE postgres SET default_tablespace = 'small'");
    }

    private static Stream<Path> files(Path under) throws Exception {
        try (Stream<Path> all = Files.walk(under)) {
            return all.filter(Files::isRegularFile).toList().stream();
        }
    }
}
