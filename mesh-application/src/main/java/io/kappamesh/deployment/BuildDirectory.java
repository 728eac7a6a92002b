package io.kappamesh.deployment;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A build that is a directory: class files with the jars that they need, such as Maven's {@code target}, or an application that was unpacked. Its program is the one that
 * its manifest names as {@code Main-Class}, or that of its only jar that has one, if it has no class files of its own; or else the only class with a main method. Immutable and thread-safe.
 */
final class BuildDirectory {
    private static final String CLASSES = "classes";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String CLASS_FILE = ".class";
    /** Where builds copy libraries to: Maven's copy-dependencies, and what applications are packed with. */
    private static final List<String> LIBRARIES = List.of("lib", "libs", "dependency", "dependencies");

    private final Path directory;

    BuildDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * The arguments with which Java runs its program.
     *
     * @throws IllegalArgumentException when it is not known which class is the program
     */
    List<String> program() throws IOException {
        Path home = directory.toRealPath();
        Path classes = Files.isDirectory(home.resolve(CLASSES)) ? home.resolve(CLASSES) : home;
        List<String> own = classNames(classes);
        Optional<Path> runnable = Optional.empty();
        Optional<String> named = mainOf(classes);
        if (named.isEmpty() && own.isEmpty() && classes.equals(home)) {
            runnable = runnable(home);
            named = runnable.isPresent() ? mainOfJar(runnable.get()) : Optional.empty();
        }
        List<Path> path = new ArrayList<>(List.of(runnable.orElse(classes)));
        path.addAll(classes.equals(home) ? jars(home) : List.of());
        path.addAll(libraries(home));
        Path parent = home.getParent();
        if (parent != null && home.endsWith(CLASSES)) {
            path.addAll(libraries(parent));
        }
        List<Path> distinct = path.stream()
                .map(Path::toAbsolutePath)
                .map(Path::normalize)
                .distinct()
                .toList();
        String main = named.isPresent() ? named.get() : onlyMain(own, distinct);
        return List.of(
                "-cp", distinct.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)), main);
    }

    private static Optional<Path> runnable(Path where) throws IOException {
        List<Path> runnable = new ArrayList<>();
        for (Path jar : jars(where)) {
            if (mainOfJar(jar).isPresent()) {
                runnable.add(jar);
            }
        }
        if (runnable.size() > 1) {
            throw new IllegalArgumentException("has several jars with a Main-Class: " + names(runnable) + "; name one");
        }
        return runnable.stream().findFirst();
    }

    private static List<Path> libraries(Path home) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String library : LIBRARIES) {
            found.addAll(jars(home.resolve(library)));
        }
        return found;
    }

    private static String names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining(", "));
    }

    private static List<Path> jars(Path where) throws IOException {
        return Files.isDirectory(where) ? listed(where, file -> file.toString().endsWith(".jar")) : List.of();
    }

    private static List<Path> listed(Path where, Predicate<Path> some) throws IOException {
        try (Stream<Path> files = Files.list(where)) {
            return files.filter(some).sorted().toList();
        }
    }

    private static Optional<String> mainOf(Path classes) throws IOException {
        Path manifest = classes.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(manifest)) {
            return main(new Manifest(in));
        }
    }

    private static Optional<String> mainOfJar(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return Optional.ofNullable(jar.getManifest()).flatMap(BuildDirectory::main);
        }
    }

    private static Optional<String> main(Manifest manifest) {
        return Optional.ofNullable(manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS));
    }

    private static List<String> classNames(Path classes) throws IOException {
        Path home = classes.toRealPath(); // a walk does not enter a symbolic link
        try (Stream<Path> files = Files.walk(home)) {
            return files.map(file -> home.relativize(file).toString())
                    .filter(file -> file.endsWith(CLASS_FILE) && !file.contains("-"))
                    .map(file -> file.substring(0, file.length() - CLASS_FILE.length())
                            .replace(File.separatorChar, '.'))
                    .sorted()
                    .toList();
        }
    }

    /** The class files themselves say it; no code of theirs runs for that. */
    private static String onlyMain(List<String> own, List<Path> path) throws IOException {
        List<String> found = new ArrayList<>();
        try (URLClassLoader loader = new URLClassLoader(urls(path), ClassLoader.getPlatformClassLoader())) {
            own.stream().filter(name -> isProgram(name, loader)).forEach(found::add);
        }
        if (found.size() != 1) {
            throw new IllegalArgumentException((found.isEmpty()
                            ? "has no class with a main method"
                            : "has several classes with a main method: " + String.join(", ", found))
                    + ", and no Main-Class in " + MANIFEST
                    + "; name a domain's jar, a directory such as target, with its libraries in lib or dependency, or"
                    + " a file with what its command `contracts` prints");
        }
        return found.get(0);
    }

    private static URL[] urls(List<Path> path) throws MalformedURLException {
        URL[] urls = new URL[path.size()];
        for (int at = 0; at < urls.length; at++) {
            urls[at] = path.get(at).toUri().toURL();
        }
        return urls;
    }

    private static boolean isProgram(String name, ClassLoader loader) {
        try {
            Class<?> type = Class.forName(name, false, loader);
            return type.getMethod("main", String[].class).getDeclaringClass().equals(type);
        } catch (ReflectiveOperationException | LinkageError none) {
            return false;
        }
    }
}
