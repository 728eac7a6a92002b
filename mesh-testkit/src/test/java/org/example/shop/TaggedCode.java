package org.example.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Code between {@code // tag::name[]} and {@code // end::name[]}; what is tagged in several pieces is put together. */
public final class TaggedCode {
    private static final Pattern REGION = Pattern.compile(
            "^ *// tag::([\\w-]+)\\[]\\n(.*?)^ *// end::\\1\\[]\\n", Pattern.DOTALL | Pattern.MULTILINE);

    private TaggedCode() {}

    /** All of a directory, by name. */
    public static Map<String, String> in(Path directory) throws IOException {
        Map<String, String> regions = new TreeMap<>();
        for (Path file : sources(directory)) {
            Matcher region = REGION.matcher(Files.readString(file));
            while (region.find()) {
                regions.merge(region.group(1), unindented(region.group(2)), (one, more) -> one + "\n\n" + more);
            }
        }
        return regions;
    }

    /** A last line that is blank would count as one without indentation. */
    private static String unindented(String code) {
        return code.stripTrailing().stripIndent().strip();
    }

    private static List<Path> sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }
}
