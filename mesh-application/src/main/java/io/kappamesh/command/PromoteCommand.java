package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Promotion;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a candidate serve. */
@Command(
        name = "promote",
        description = "Corrects the public topics by what a candidate says, and lets it serve in place of what does.")
final class PromoteCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    @Option(names = "--candidate", paramLabel = "N", description = "Its number. If not given: the newest.")
    private @Nullable Integer candidate;

    @Option(names = "--force", description = "Without a verification that found it equal.")
    private boolean force;

    private final Shell shell;

    PromoteCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        OptionalInt number = candidate == null ? OptionalInt.empty() : OptionalInt.of(candidate);
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            tell(lifecycle.promote(name, number, force, ProgressPrinter.in(shell)), lifecycle, shell);
            return 0;
        }
    }

    /** It is done, whatever hinders this command from telling. */
    private static void tellWhomTheyReach(Promotion done, Lifecycle lifecycle, Shell shell) {
        try {
            ProductName product = ProductName.of(done.product());
            lifecycle
                    .plan(product)
                    .downstream()
                    .forEach(reader -> shell.out().println("  they reach " + PlanText.reached(reader)));
            lifecycle.hiddenReaders(product).ifPresent(why -> shell.out().println("  " + why));
        } catch (LifecycleException unknown) {
            shell.err().println("whom the corrections reach is not known: " + unknown.getMessage());
        }
    }

    static void tell(Promotion done, Lifecycle lifecycle, Shell shell) {
        if (!done.isChange()) {
            shell.out().println(done.product() + ": g" + done.to() + " serves already");
            return;
        }
        shell.out()
                .println(done.product() + ": g" + done.to() + " serves in place of g" + done.from()
                        + "; nothing was published for " + HumanNumbers.time(done.quiet()) + ", while "
                        + HumanNumbers.count(done.comparedWhileQuiet()) + " keys were compared");
        done.readSince()
                .ifPresent(when -> shell.out()
                        .println("  both said the same until " + when + ", so that what came since was enough"));
        if (done.totalCorrections() == 0) {
            shell.out().println("  no corrections: it says what was said before");
        }
        done.corrections()
                .forEach((topic, records) ->
                        shell.out().println("  " + topic + ": " + HumanNumbers.count(records) + " corrections"));
        done.beyondHorizon()
                .forEach((topic, keys) -> shell.out()
                        .println("  " + topic + ": " + HumanNumbers.count(keys)
                                + " keys beyond the horizon keep what they say; see `verify`"));
        done.left()
                .forEach(topic -> shell.out()
                        .println("  " + topic + ": g" + done.to()
                                + " does not publish it; it keeps what it says, and nobody writes it any more"));
        if (done.totalCorrections() > 0) {
            tellWhomTheyReach(done, lifecycle, shell);
        }
    }
}
