package io.kappamesh.command;

import io.kappamesh.access.AccessRule;
import io.kappamesh.access.DomainAccess;
import io.kappamesh.access.Duty;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints or grants the least rights that a domain's work needs. */
@Command(
        name = "acls",
        description =
                "Prints the least rights that work on a domain's products needs, as Kafka's own commands, or grants them. A domain's own"
                        + " program knows its inputs before it ever ran; elsewhere they are read from the brokers.")
final class AclsCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "DOMAIN", description = "Such as sales.")
    private String domain = "";

    @Option(
            names = "--for",
            paramLabel = "DUTY",
            defaultValue = "RUN",
            description = "${COMPLETION-CANDIDATES}, in any case. If not given: ${DEFAULT-VALUE}.")
    private Duty duty = Duty.RUN;

    @Option(
            names = "--principal",
            paramLabel = "PRINCIPAL",
            description = "To whom they are granted. If not given: User:DOMAIN.")
    private @Nullable String principal;

    @Option(names = "--group", paramLabel = "GROUP", description = "With --for consumer: its consumer group.")
    private @Nullable String group;

    @Option(
            names = "--reader",
            paramLabel = "PRODUCT",
            description = "With --for operator, in a domain's own program: a product of another domain that reads from"
                    + " this one, so that plan can say what it would see. Repeatable.")
    private Set<String> readers = new LinkedHashSet<>();

    @Option(
            names = "--apply",
            description = "Grants them, which takes the right to alter ACLs, instead of printing them.")
    private boolean apply;

    private final Shell shell;
    private final List<DataProduct> products;

    /** @param products those of which this program has a build */
    AclsCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = products.stream().map(StreamingProduct::product).toList();
    }

    @Override
    public Integer call() {
        if (duty == Duty.CONSUMER && group == null) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of("acls --for consumer: --group is missing; it is the consumer group that reads"));
        }
        String whom = principal == null ? "User:" + domain : principal;
        boolean own =
                products.stream().anyMatch(product -> product.name().domain().equals(domain));
        if (own && !apply) {
            print(declared(), whom);
            return 0;
        }
        try (Lifecycle lifecycle = connection.connect(shell)) {
            DomainAccess access = own ? declared() : lifecycle.access(domain);
            if (!apply) {
                print(access, whom);
            } else {
                List<AccessRule> rules = rules(access);
                lifecycle.grant(rules, whom);
                rules.forEach(rule -> shell.out()
                        .println("granted " + whom + " " + rule.operations() + " on " + rule.resource() + " "
                                + rule.name() + " (" + rule.pattern() + ")"));
            }
            warn(access);
            if (!own && duty == Duty.OPERATOR && lifecycle.mayHideProducts()) {
                shell.err().println(StatusCommand.HIDDEN);
            }
        }
        return 0;
    }

    private DomainAccess declared() {
        Set<ProductName> others = new LinkedHashSet<>();
        readers.forEach(reader -> others.add(ProductName.of(reader)));
        return DomainAccess.of(domain, products, others);
    }

    private List<AccessRule> rules(DomainAccess access) {
        return access.rules(duty, String.valueOf(group));
    }

    private void print(DomainAccess access, String whom) {
        Settings settings = connection.settings(shell);
        shell.out().println("# " + whom + ": " + duty.name().toLowerCase(Locale.ROOT) + " " + domain);
        rules(access).forEach(rule -> shell.out().println(rule.command(settings.bootstrapServers(), whom)));
    }

    private void warn(DomainAccess access) {
        if (access.outputs().isEmpty()) {
            shell.err()
                    .println("domain " + domain
                            + ": none of its products ever ran on these brokers, so that neither what"
                            + " it reads of others nor what it publishes is known; its own program knows: acls "
                            + domain);
        }
    }
}
