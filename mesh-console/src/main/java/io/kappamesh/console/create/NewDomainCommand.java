package io.kappamesh.console.create;

import io.kappamesh.command.MeshVersion;
import io.kappamesh.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the project of a domain. Exit codes: 0 written, 78 a name or a directory; nothing is written then. */
@Command(
        name = "domain",
        description =
                "Writes a stand-alone Maven project of a domain: contracts, steps, wiring, program, tests, Dockerfile and a script for CI.",
        mixinStandardHelpOptions = true)
public final class NewDomainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The domain, such as billing: lower case, digits and hyphens.")
    private String name = "";

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "A new or empty directory. If not given: one with the domain's name, here.")
    private @Nullable Path directory;

    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            description =
                    "The Java package, which is the Maven group too. If not given: org.example.NAME, without hyphens.")
    private @Nullable String packageName;

    @Option(
            names = "--repository",
            paramLabel = "URL",
            description = "A Maven repository with Kappa Mesh's libraries, if your settings name none.")
    private @Nullable String repository;

    /** Made by the command line. */
    public NewDomainCommand() {}

    @Override
    public Integer call() throws IOException {
        Path target =
                (directory == null ? Path.of(name) : directory).toAbsolutePath().normalize();
        DomainProject project = new DomainProject(
                name,
                Optional.ofNullable(packageName).orElse("org.example." + name.replace("-", "")),
                Optional.ofNullable(repository),
                MeshVersion.library());
        List<String> problems = project.problems(target);
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            return ExitCode.CONFIGURATION.number();
        }
        List<Path> written = new DomainTemplates(project).write(target);
        System.out.println("Wrote " + written.size() + " files to " + target);
        System.out.println("Next: cd " + target + " && mvn verify; see its README.md.");
        return ExitCode.OK.number();
    }
}
