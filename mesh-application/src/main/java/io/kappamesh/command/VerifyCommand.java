package io.kappamesh.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.display.OffenceText;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.offence.RuleOffence;
import io.kappamesh.plan.Downstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a candidate with the serving generation. */
@Command(
        name = "verify",
        description =
                "Compares a candidate with the generation that serves, both at one cut. Ends with 1 if they differ.")
final class VerifyCommand implements Callable<Integer> {
    /** The exit code when a comparison found differences. */
    static final int DIFFERENT = 1;

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    @Option(names = "--candidate", paramLabel = "N", description = "Its number. If not given: the newest.")
    private @Nullable Integer candidate;

    @Option(
            names = "--expect",
            paramLabel = "EXPECTATION",
            description =
                    "A difference that is meant: only-serving, only-candidate, timestamp, changed:FIELD, or removed, which is a port that"
                            + " the candidate does not publish; for one port only, with the port in front, such as"
                            + " sales.orders.v1/changed:lines[].tax. May be given several times.")
    private List<String> expectations = new ArrayList<>();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private final Shell shell;

    VerifyCommand(Shell shell) {
        this.shell = shell;
    }

    /** The comparison is made and kept, whatever hinders this command from telling whom it concerns. */
    private List<Downstream> readers(Lifecycle lifecycle, Verification found) {
        try {
            return lifecycle.readers(found);
        } catch (LifecycleException unknown) {
            shell.err().println("whom corrections would reach is not known: " + unknown.getMessage());
            return List.of();
        }
    }

    private List<RuleOffence> offences(Lifecycle lifecycle, Verification found) {
        try {
            return lifecycle.offences(found);
        } catch (LifecycleException unknown) {
            shell.err().println("what rules refuse is not known: " + unknown.getMessage());
            return List.of();
        }
    }

    private static Optional<String> hidden(Lifecycle lifecycle, ProductName name) {
        try {
            return lifecycle.hiddenReaders(name);
        } catch (LifecycleException told) {
            return Optional.empty(); // readers have just been asked for, and the fault is on standard error
        }
    }

    @Override
    public Integer call() {
        OptionalInt number = candidate == null ? OptionalInt.empty() : OptionalInt.of(candidate);
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            Verification found = lifecycle.verify(name, number, List.copyOf(expectations), ProgressPrinter.in(shell));
            List<Downstream> readers = readers(lifecycle, found);
            List<RuleOffence> offences = offences(lifecycle, found);
            if (json) {
                ObjectNode all = Json.of(found, readers);
                all.set("offences", OffenceText.json(offences));
                shell.out().println(all.toPrettyString());
            } else {
                VerificationText.of(found).forEach(shell.out()::println);
                OffenceText.of(offences).forEach(shell.out()::println);
                readers.forEach(reader -> shell.out().println("  reaches " + PlanText.reached(reader)));
                hidden(lifecycle, name).ifPresent(why -> shell.out().println("  note    " + why));
            }
            return found.agrees() ? 0 : DIFFERENT;
        }
    }
}
