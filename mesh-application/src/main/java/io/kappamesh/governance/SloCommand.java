package io.kappamesh.governance;

import io.kappamesh.command.Shell;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.display.LevelJson;
import io.kappamesh.display.LevelText;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.slo.PortLevel;
import io.kappamesh.slo.PrometheusRules;
import io.kappamesh.topology.StreamingProduct;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how the levels of service stand. */
@Command(
        name = "slo",
        description = {
            "Says how the levels of service of published ports stand, as the products measure them: met, burning (it loses its error budget too fast), missed,"
                    + " or unknown. Ends with 1 if one is missed.",
            "With --as, prints what alerts on them, from a build or from the catalogue."
        })
final class SloCommand implements Callable<Integer> {
    private static final int MISSED = 1;
    private static final String PROMETHEUS = "prometheus-rules";

    @Mixin
    private final Described described = new Described();

    @Option(names = "--as", paramLabel = "FORM", description = "prometheus-rules: a file of alerting rules, in YAML.")
    private @Nullable String form;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private final Shell shell;
    private final List<StreamingProduct> products;

    /** @param products of which this program has a build */
    SloCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = List.copyOf(products);
    }

    @Override
    public Integer call() {
        if (form != null) {
            return rules(form);
        }
        Described.Found found = described.find(shell, List.of());
        Catalog catalog = found.catalog()
                .orElseThrow(() -> refused(
                        "--build: a build has measured nothing; leave it out, or use it with --as prometheus-rules"));
        catalog.countsLeftOut().forEach(why -> shell.err().println("not counted: " + why));
        Set<String> asked = new HashSet<>();
        found.products().forEach(product -> asked.add(product.product()));
        List<PortLevel> levels = PortLevel.of(catalog, Instant.now()).stream()
                .filter(level -> asked.contains(level.product().toString()))
                .filter(level -> described
                        .port(found.products())
                        .map(level.port()::equals)
                        .orElse(true))
                .toList();
        if (json) {
            shell.out().println(LevelJson.of(levels).toPrettyString());
        } else if (levels.isEmpty()) {
            shell.out().println("No level of service is known of what was asked for.");
        } else {
            LevelText.table(levels).forEach(shell.out()::println);
        }
        return levels.stream().anyMatch(PortLevel::isMissed) ? MISSED : 0;
    }

    private int rules(String asked) {
        if (!asked.equals(PROMETHEUS)) {
            throw refused("--as: '" + asked + "' is not known; use " + PROMETHEUS);
        }
        if (json) {
            throw refused("--json: alerting rules are YAML; leave it out");
        }
        shell.out().print(PrometheusRules.of(described.find(shell, products).products()));
        return 0;
    }

    private static StartupException refused(String why) {
        return new StartupException(ExitCode.CONFIGURATION, List.of(why));
    }
}
