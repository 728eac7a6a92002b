package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves on a running product that replay equals live. */
@Command(
        name = "prove",
        description = {
            "Proves that replay equals live: replays a product beside the serving generation, compares the two, and retires the replay.",
            "Ends with 1 if they differ. Interrupted, it leaves the candidate; run again, it compares that one and leaves it."
        })
final class ProveCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    @Option(
            names = "--expect",
            paramLabel = "EXPECTATION",
            description = "A difference that is meant, as for verify. May be given several times.")
    private List<String> expectations = new ArrayList<>();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private final Shell shell;

    ProveCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            Proof proof = lifecycle.prove(name, List.copyOf(expectations), ProgressPrinter.in(shell));
            if (json) {
                shell.out().println(Json.of(proof).toPrettyString());
            } else {
                tell(proof);
            }
            return proof.holds() ? 0 : VerifyCommand.DIFFERENT;
        }
    }

    /** A rate only where one was measured. */
    static String replayed(Proof proof) {
        return proof.ratePerSecond().isEmpty()
                ? "its history was replayed before"
                : HumanNumbers.count(proof.records()) + " records replayed in " + HumanNumbers.time(proof.replayed())
                        + ", "
                        + HumanNumbers.count(Math.round(proof.ratePerSecond().getAsDouble())) + " records/s";
    }

    private void tell(Proof proof) {
        VerificationText.of(proof.verification()).forEach(shell.out()::println);
        shell.out()
                .println((proof.holds() ? "Replay equals live" : "Replay does NOT equal live") + ": "
                        + replayed(proof) + "; "
                        + (proof.kept() ? proof.candidate() + " stays" : proof.candidate() + " is retired"));
    }
}
