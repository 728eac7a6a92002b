package io.kappamesh.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the packages of all modules. */
class PackageSizesTest {
    /** A package that grows beyond this has a second idea in it. */
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

    @Test
    void everyPackageOfALibrarySaysWhatMayBeNull() throws IOException {
        Map<Path, Long> packages = new TreeMap<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path module : modules.filter(
                            one -> one.getFileName().toString().startsWith("mesh-")
                                    && !one.getFileName().toString().startsWith("mesh-domain-"))
                    .map(one -> one.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                count(module, packages);
            }
        }

        // Classes that stand in for somebody else's are in their packages.
        packages.keySet().removeIf(place -> place.endsWith(Path.of("org", "apache", "kafka", "common", "utils")));
        assertThat(packages.keySet())
                .hasSizeGreaterThan(30)
                .allSatisfy(place ->
                        assertThat(place.resolve("package-info.java")).content().contains("@NullMarked"));
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
