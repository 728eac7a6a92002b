package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.plan.Plan;
import io.kappamesh.status.GenerationState;
import io.kappamesh.status.GenerationStatus;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Asks running processes to replay. */
@Command(
        name = "replay",
        description = {
            "Begins a candidate of the build that serves: all processes of that build replay it beside the serving generation.",
            "Another build is replayed by its own program: java -jar DOMAIN.jar replay PRODUCT."
        })
final class BeginCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    private final Shell shell;

    BeginCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ProductName name = ProductName.of(product);
        try (Lifecycle lifecycle = connection.connect(shell)) {
            Plan plan = lifecycle.plan(name);
            plan.warnings().forEach(shell.err()::println);
            if (!plan.isPossible()) {
                plan.refusals().forEach(shell.err()::println);
                return PlanCommand.REFUSED;
            }
            Generation candidate = lifecycle.replay(name);
            List<GenerationStatus> all = lifecycle.status(name);
            shell.out().println(candidate + ": begun; `status " + name + " --watch` shows how far it is");
            all.stream()
                    .filter(one -> one.role() == Role.SERVING && one.state() == GenerationState.STOPPED)
                    .forEach(one -> shell.err()
                            .println(one.generation()
                                    + ", which serves, runs nowhere: the replay begins when a process of build "
                                    + one.build() + " is started"));
            return 0;
        }
    }
}
