package io.kappamesh.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A package that grows beyond this has a second idea in it. */
class PackageSizesTest {
    private static final int MOST_LINES = 2_000;

    @Test
    void noPackageIsTooLargeToBeRead() throws IOException {
        Map<Path, Long> lines = new TreeMap<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path module : modules.map(one -> one.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                count(module, lines);
            }
        }

        assertThat(lines)
                .hasSizeGreaterThan(30)
                .allSatisfy(
                        (place, count) -> assertThat(count).as(place.toString()).isLessThanOrEqualTo(MOST_LINES));
    }

    private static void count(Path sources, Map<Path, Long> lines) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                try (Stream<String> text = Files.lines(file)) {
                    lines.merge(file.getParent(), text.count(), Long::sum);
                }
            }
        }
    }
}
