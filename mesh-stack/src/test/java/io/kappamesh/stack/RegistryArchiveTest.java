package io.kappamesh.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Path archive = archiveIn(directory.resolve("repository"));

        assertThat(RegistryArchive.locate(null, List.of(client("repository")), directory.resolve("users")))
                .isEqualTo(archive);
    }

    /** A jar with a Class-Path has its libraries beside it, and its client comes first. */
    @Test
    void archiveIsFoundBesideAClientThatWasCopied() throws Exception {
        Path archive = archiveIn(directory.resolve("repository"));
        Path copied = directory.resolve("target/lib/kafka-clients-4.jar");

        assertThat(RegistryArchive.locate(null, List.of(copied, client("repository")), directory.resolve("users")))
                .isEqualTo(archive);
        assertThat(RegistryArchive.locate(null, List.of(copied), directory.resolve("repository")))
                .isEqualTo(archive);
    }

    @Test
    void chosenArchiveIsTakenFirst() throws Exception {
        Path chosen = Files.createFile(directory.resolve("mine.tar.gz"));

        assertThat(RegistryArchive.locate(chosen.toString(), List.of(), directory))
                .isEqualTo(chosen);
    }

    @Test
    void missingArchiveNamesThePlaceAndBothWaysOut() {
        assertThatThrownBy(
                        () -> RegistryArchive.locate(null, List.of(client("repository")), directory.resolve("users")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no archive at " + directory.resolve("repository"))
                .hasMessageContaining(" or " + directory.resolve("users"))
                .hasMessageContaining("mvn dependency:copy -Dartifact=io.apicurio:apicurio-registry-app:")
                .hasMessageContaining("mesh.registry.archive");
    }

    @Test
    void chosenArchiveThatIsNoFileIsRefusedByName() {
        assertThatThrownBy(() -> RegistryArchive.locate(directory.toString(), List.of(), directory))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("-Dmesh.registry.archive=" + directory + " is not a file");
    }

    private Path client(String repository) {
        return directory.resolve(repository).resolve("org/apache/kafka/kafka-clients/4/kafka-clients-4.jar");
    }

    private static Path archiveIn(Path repository) throws IOException {
        String version = RegistryArchive.name().replace("apicurio-registry-app-", "");
        Path archive = repository.resolve(
                "io/apicurio/apicurio-registry-app/" + version + "/" + RegistryArchive.name() + "-all.tar.gz");
        Files.createDirectories(archive.getParent());
        return Files.createFile(archive);
    }
}
