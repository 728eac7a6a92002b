package org.example.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The repository's documents and the sources they quote. */
final class Documentation {
    private static final Pattern TAG =
            Pattern.compile("(?m)^ *// tag::([a-z]+)\\[]\n(.*?)^ *// end::\\1\\[]\n", Pattern.DOTALL);

    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*?) *$");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");

    /** Directories with what was built, installed or fetched. */
    private static final Set<String> ELSEWHERE = Set.of("target", "node_modules", ".git");

    private Documentation() {}

    /** The top of the repository: the first directory upwards that has the launcher. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mesh"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    static String text(String path) throws IOException {
        return Files.readString(root().resolve(path));
    }

    /** The regions between {@code // tag::name[]} and {@code // end::name[]} in the example's sources, without their indentation. */
    static List<String> taggedRegions() throws IOException {
        List<String> regions = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(root().resolve("examples/first-product/src"))) {
            for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> path.toString().contains("billing"))
                    .toList()) {
                Matcher tag = TAG.matcher(Files.readString(source));
                while (tag.find()) {
                    regions.add(tag.group(2).stripTrailing().stripIndent() + "\n");
                }
            }
        }
        return regions;
    }

    /** What stands in fenced blocks of a language, as it stands there. */
    static List<String> blocks(String markdown, String language) {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(markdown)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The lines of a block that are neither blank nor a comment. */
    static Stream<String> codeLines(String block) {
        return block.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.matches("(//|/\\*|\\*).*"));
    }

    /** The anchors of a Markdown file's headings, as GitHub makes them. */
    static List<String> anchors(Path file) throws IOException {
        return HEADING.matcher(FENCED.matcher(Files.readString(file)).replaceAll(""))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }

    /** All Markdown files of the repository, except what was built or installed. */
    static List<Path> markdownFiles() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root(), new SimpleFileVisitor<>() {
            // Other modules are built meanwhile, and make and delete files.
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return ELSEWHERE.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
