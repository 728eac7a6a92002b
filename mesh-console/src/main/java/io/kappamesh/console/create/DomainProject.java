package io.kappamesh.console.create;

import io.kappamesh.contract.ProductName;
import io.kappamesh.declaration.DeclarationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/**
 * What a new project is to be.
 *
 * @param domain its name, such as {@code order-desk}
 * @param packageName of its classes
 * @param repository where its build finds the library; empty = where Maven looks anyway
 * @param meshVersion the version of the library
 */
record DomainProject(String domain, String packageName, Optional<String> repository, String meshVersion) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");
    /** Topics have names of 249 characters at most, and more than the domain goes into them. */
    private static final int LONGEST = 60;

    /** What is wrong, one sentence each, with the remedy. */
    List<String> problems(Path target) {
        List<String> problems = new ArrayList<>();
        if (!NAME.matcher(domain).matches() || domain.length() > LONGEST || !isProductName()) {
            problems.add("domain name '" + domain
                    + "': expected lower case letters, digits and single hyphens, beginning with a letter, " + LONGEST
                    + " characters at most, such as billing or order-desk");
        } else if (!PACKAGE.matcher(packageName).matches() || !SourceVersion.isName(packageName)) {
            problems.add("package '" + packageName
                    + "': Java does not take it as a name; choose another with --package, such as org.example.billing");
        }
        repository
                .filter(url -> !url.matches("[a-z]+:[^\\s<>&\"]+"))
                .ifPresent(url -> problems.add("--repository '" + url
                        + "': expected the URL of a Maven repository, such as file:///srv/maven"));
        if (problems.isEmpty() && isOccupied(target)) {
            problems.add("directory " + target + ": it is there already and not empty; choose another with --dir");
        }
        return problems;
    }

    /** {@code OrderDesk}. */
    String className() {
        return Arrays.stream(domain.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    private boolean isProductName() {
        try {
            return new ProductName(domain, "daily-totals").domain().equals(domain);
        } catch (DeclarationException malformed) {
            return false;
        }
    }

    private static boolean isOccupied(Path target) {
        if (!Files.isDirectory(target)) {
            return Files.exists(target);
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + target, e);
        }
    }
}
