package io.kappamesh.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryArchiveTest {

    @TempDir
    Path directory;

    @Test
    void versionComesFromTheRootPom() {
        assertThat(RegistryArchive.name()).matches("apicurio-registry-app-\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void archiveIsFoundInTheRepositoryThatHasTheKafkaClient() throws Exception {
        Path jar = directory.resolve("org/apache/kafka/kafka-clients/4/kafka-clients-4.jar");
        String version = RegistryArchive.name().replace("apicurio-registry-app-", "");
        Path archive = directory.resolve(
                "io/apicurio/apicurio-registry-app/" + version + "/" + RegistryArchive.name() + "-all.tar.gz");
        Files.createDirectories(archive.getParent());
        Files.createFile(archive);

        assertThat(RegistryArchive.locate(null, jar)).isEqualTo(archive);
    }

    @Test
    void chosenArchiveIsTakenFirst() throws Exception {
        Path chosen = Files.createFile(directory.resolve("mine.tar.gz"));

        assertThat(RegistryArchive.locate(chosen.toString(), null)).isEqualTo(chosen);
    }

    @Test
    void missingArchiveNamesThePlaceAndBothWaysOut() {
        Path jar = directory.resolve("org/apache/kafka/kafka-clients/4/kafka-clients-4.jar");

        assertThatThrownBy(() -> RegistryArchive.locate(null, jar))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no archive at " + directory)
                .hasMessageContaining("mvn dependency:copy -Dartifact=io.apicurio:apicurio-registry-app:")
                .hasMessageContaining("mesh.registry.archive");
    }

    @Test
    void chosenArchiveThatIsNoFileIsRefusedByName() {
        assertThatThrownBy(() -> RegistryArchive.locate(directory.toString(), null))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("-Dmesh.registry.archive=" + directory + " is not a file");
    }

    @Test
    void kafkaClientFromNowhereLeavesThePropertyAsTheWay() {
        assertThatThrownBy(() -> RegistryArchive.locate(null, Path.of("/app.jar")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("comes from /app.jar")
                .hasMessageContaining("mesh.registry.archive");
    }
}
