package io.kappamesh.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ScratchDirectoryTest {
    @TempDir
    private Path parent;

    /** Another process that keeps a directory until it is killed. */
    static final class Keeper {
        public static void main(String[] arguments) throws Exception {
            try (ScratchDirectory kept = ScratchDirectory.under(Path.of(arguments[0]))) {
                Files.writeString(kept.directory().resolve("table"), "records");
                System.out.println(kept.directory());
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }

    @Test
    void whatAKilledProcessLeftIsDeletedByTheNextAndNothingElse() throws Exception {
        Process keeper = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Keeper.class.getName(),
                        parent.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Path kept = Path.of(keeper.inputReader()
                    .lines()
                    .filter(line -> line.startsWith(parent.toString()))
                    .findFirst()
                    .orElseThrow());
            Path unrelated = Files.createDirectory(parent.resolve("compare-by-hand"));

            try (ScratchDirectory beside = ScratchDirectory.under(parent);
                    ScratchDirectory another = ScratchDirectory.under(parent)) {
                assertThat(kept.resolve("table")).as("its process lives").exists();
                assertThat(beside.directory()).exists().isNotEqualTo(another.directory());
                keeper.destroyForcibly().waitFor();

                try (ScratchDirectory next = ScratchDirectory.under(parent)) {
                    assertThat(kept).doesNotExist();
                    assertThat(List.of(beside.directory(), another.directory(), next.directory(), unrelated))
                            .allSatisfy(directory -> assertThat(directory).exists());
                }
            }

            assertThat(left()).containsExactly(unrelated);
        } finally {
            keeper.destroyForcibly();
        }
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.toList();
        }
    }
}
