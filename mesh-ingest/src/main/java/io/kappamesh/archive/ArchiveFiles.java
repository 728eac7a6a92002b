package io.kappamesh.archive;

import io.kappamesh.Internal;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/** Finds the files that names, directories and globs mean. Stateless. */
@Internal
public final class ArchiveFiles {
    private static final String WILD = "*?[{";

    private ArchiveFiles() {}

    /**
     * All files, each once, sorted by path.
     *
     * @param given names of files; names of directories, for all files in them and below that have a name {@linkplain ArchiveFormat#ofName of an
     *     archive}; or globs such as {@code archive/2026-*.csv.gz}, where {@code **} also goes into directories
     * @param anyName whether files in directories may have any name, because the format was said
     * @throws LifecycleException when one of them means no file
     */
    public static List<ArchiveFile> find(List<String> given, boolean anyName) {
        TreeSet<Path> found = new TreeSet<>();
        List<String> problems = new ArrayList<>();
        for (String one : given) {
            List<Path> files = one(one, anyName, problems);
            if (files.isEmpty() && problems.isEmpty()) {
                problems.add(one + ": there is no such file");
            }
            files.forEach(file -> found.add(file.toAbsolutePath().normalize()));
        }
        if (given.isEmpty()) {
            problems.add("no files are named");
        }
        if (!problems.isEmpty()) {
            throw new LifecycleException(ExitCode.CONFIGURATION, String.join("\n", problems));
        }
        return found.stream().map(ArchiveFile::of).toList();
    }

    private static List<Path> one(String given, boolean anyName, List<String> problems) {
        try {
            Path path = Path.of(given);
            if (Files.isRegularFile(path)) {
                return List.of(path);
            }
            if (Files.isDirectory(path)) {
                List<Path> files = below(
                        path,
                        Integer.MAX_VALUE,
                        file -> anyName
                                || ArchiveFormat.ofName(file.getFileName().toString())
                                        .isPresent());
                if (files.isEmpty()) {
                    problems.add(given + ": no file in this directory has a name that says its format; name the files,"
                            + " or say the format");
                }
                return files;
            }
            return given.chars().anyMatch(one -> WILD.indexOf(one) >= 0) ? matching(given) : List.of();
        } catch (InvalidPathException | PatternSyntaxException noPath) {
            problems.add(given + ": is no name of a file and no glob");
            return List.of();
        } catch (IOException failed) {
            throw ArchiveFile.unreadable(given, failed);
        }
    }

    private static List<Path> matching(String glob) throws IOException {
        // What stands in front of the first directory with a wildcard.
        int wild = 0;
        while (WILD.indexOf(glob.charAt(wild)) < 0) {
            wild++;
        }
        int slash = glob.lastIndexOf('/', wild);
        String base = slash < 0 ? "" : glob.substring(0, slash + 1);
        Path from = Path.of(base).toAbsolutePath().normalize();
        if (!Files.isDirectory(from)) {
            return List.of();
        }
        String pattern = glob.substring(slash + 1);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        int deepest = pattern.contains("**")
                ? Integer.MAX_VALUE
                : 1 + (int) pattern.chars().filter(one -> one == '/').count();
        return below(from, deepest, file -> matcher.matches(from.relativize(file)));
    }

    /** Without what is hidden, under way, or about other files, as programs name those: {@code .crc}, {@code _SUCCESS}, {@code .snapshot}. */
    private static List<Path> below(Path directory, int deepest, Predicate<Path> wanted) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), deepest, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes known) {
                return isHidden(at) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes known) {
                if (known.isRegularFile() && !isHidden(file) && wanted.test(file)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (isHidden(file)) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }

            private boolean isHidden(Path at) {
                return !at.equals(directory) && at.getFileName().toString().matches("[._].*");
            }
        });
        return found;
    }
}
