package io.kappamesh.governance;

import io.kappamesh.command.Shell;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.document.PortSkeleton;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the declaration of a port to begin with, out of a contract. Nothing is overwritten. */
@Command(
        name = "odcs",
        mixinStandardHelpOptions = true,
        description =
                "Writes the declaration of a port, to begin with, out of a data contract in ODCS: its Avro schema and its Java. Says what the"
                        + " contract leaves open. Overwrites nothing. Needs no platform.")
final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The contract, in YAML or JSON.")
    private Path file = Path.of("");

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description = "The directory of the project. If not given: the working directory.")
    private Path directory = Path.of("");

    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            description = "The Java package. If not given: org.example.DOMAIN, without hyphens.")
    private @Nullable String packageName;

    private final Shell shell;

    ImportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        PortSkeleton skeleton = skeleton();
        Map<String, String> files = skeleton.files();
        List<String> there = files.keySet().stream()
                .filter(path -> Files.exists(directory.resolve(path)))
                .map(path -> directory.resolve(path)
                        + ": is there already; name another directory with --dir, or move the file")
                .toList();
        StartupException.throwIfAny(ExitCode.CONFIGURATION, there);
        files.forEach(this::write);
        skeleton.notes().forEach(note -> shell.err().println("look at: " + note));
        return 0;
    }

    private PortSkeleton skeleton() {
        try {
            return PortSkeleton.ofOdcs(Files.readString(file), Optional.ofNullable(packageName));
        } catch (DeclarationException noContract) {
            throw new StartupException(ExitCode.CONFIGURATION, List.of(file + ": " + noContract.getMessage()));
        } catch (IOException failed) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of(file + ": cannot be read (" + failed + "); name a file with a contract"));
        }
    }

    private void write(String path, String text) {
        Path target = directory.resolve(path);
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.writeString(target, text);
        } catch (IOException failed) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of(target + ": cannot be written (" + failed + "); name a directory that you may write to"));
        }
        shell.out().println(target);
    }
}
