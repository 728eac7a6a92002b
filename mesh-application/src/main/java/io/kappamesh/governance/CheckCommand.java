package io.kappamesh.governance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.command.Shell;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.display.Plain;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.policy.DescribedProduct;
import io.kappamesh.policy.Policies;
import io.kappamesh.policy.Severity;
import io.kappamesh.topology.StreamingProduct;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says where products are not as the policies ask. */
@Command(
        name = "check",
        description = {
            "Says where data products are not as the policies ask: the built-in ones, those of jars on the class path, and those that the products'"
                    + " own processes have. Ends with 1 if one is violated that refuses.",
        })
final class CheckCommand implements Callable<Integer> {
    private static final int VIOLATED = 1;

    @Mixin
    private final Described described = new Described();

    @Option(
            names = "--policy",
            paramLabel = "ID=SEVERITY",
            description =
                    "Another severity: warn, refuse or off. May be given several times. Overrides the setting mesh.policies.")
    private Map<String, String> severities = new LinkedHashMap<>();

    @Option(names = "--strict", description = "Ends with 1 also if a policy is violated that only warns.")
    private boolean strict;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private final Shell shell;
    private final List<StreamingProduct> products;

    /** @param products of which this program has a build */
    CheckCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = List.copyOf(products);
    }

    @Override
    public Integer call() {
        Described.Found found = described.find(shell, products);
        Policies policies = policies(found.catalog());
        Map<String, Duration> retentions = DescribedProduct.retentions(found.catalog().stream()
                .flatMap(catalog -> catalog.products().stream())
                .map(FoundProduct::description)
                .flatMap(Optional::stream));
        Map<String, List<ProductDescription.Breach>> all = new LinkedHashMap<>();
        for (ProductDescription product : found.products()) {
            all.put(product.product(), breaches(policies, product, retentions));
        }
        if (json) {
            printJson(all, unasked(found.products()));
        } else {
            print(all, policies, unasked(found.products()));
        }
        boolean isRefused = all.values().stream()
                .flatMap(List::stream)
                .anyMatch(one -> strict || one.severity().equals(word(Severity.REFUSE)));
        return isRefused ? VIOLATED : 0;
    }

    private Policies policies(Optional<Catalog> catalog) {
        try {
            Policies policies = Policies.load();
            Map<String, String> given = new LinkedHashMap<>();
            if (catalog.isPresent()) {
                given.putAll(described.connection().settings(shell).policies());
            }
            given.putAll(severities);
            return policies.with(given);
        } catch (DeclarationException notInOrder) {
            throw new StartupException(ExitCode.CONFIGURATION, notInOrder.problems());
        }
    }

    /** Those that are found here, and those that its own process has found by policies that are not known here. */
    private List<ProductDescription.Breach> breaches(
            Policies policies, ProductDescription product, Map<String, Duration> retentions) {
        Set<String> known = new HashSet<>(policies.ids());
        Optional<String> port = described.port(List.of(product));
        return Stream.concat(
                        policies.violations(DescribedProduct.of(product, retentions)).stream()
                                .map(one -> new ProductDescription.Breach(
                                        one.policy(), word(one.severity()), one.message())),
                        product.violations().stream().filter(one -> !known.contains(one.policy())))
                .filter(one -> port.isEmpty()
                        || one.message().matches("(?s)port " + port.get().replace(".", "\\.") + "[,:].*"))
                .toList();
    }

    private static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    /** The ports of whose fields nothing is known, by product: their schemas are too large for the catalogue, or cannot be read. */
    private static Map<String, List<String>> unasked(List<ProductDescription> products) {
        Map<String, List<String>> unasked = new LinkedHashMap<>();
        for (ProductDescription product : products) {
            unasked.put(
                    product.product(),
                    product.outputs().stream()
                            .filter(output -> output.records().schema() == null
                                    || FieldMeaning.of(output.records().schema())
                                            .isEmpty())
                            .map(OutputDescription::address)
                            .toList());
        }
        return unasked;
    }

    private void print(
            Map<String, List<ProductDescription.Breach>> all, Policies policies, Map<String, List<String>> unasked) {
        all.forEach((product, breaches) -> {
            List<String> ports = unasked.getOrDefault(product, List.of());
            String asAsked = ports.isEmpty()
                    ? ": as all " + policies.ids().size() + " policies ask"
                    : ": as policies ask, as far as they could be asked";
            shell.out().println(product + (breaches.isEmpty() ? asAsked : ""));
            ports.forEach(port -> shell.out()
                    .println("  not asked about fields: port " + Plain.text(port)
                            + ", whose schema does not stand in the catalogue; ask its build with --build"));
            breaches.forEach(
                    one -> shell.out().println("  " + Plain.text(one.severity()) + "  " + Plain.text(one.message())));
        });
    }

    private void printJson(Map<String, List<ProductDescription.Breach>> all, Map<String, List<String>> unasked) {
        ArrayNode printed = JsonNodeFactory.instance.arrayNode();
        all.forEach((product, breaches) -> {
            ObjectNode one = printed.addObject().put("product", product);
            ArrayNode ports = one.putArray("notAskedAboutFields");
            unasked.getOrDefault(product, List.of()).forEach(ports::add);
            ArrayNode violations = one.putArray("violations");
            breaches.forEach(breach -> violations
                    .addObject()
                    .put("policy", breach.policy())
                    .put("severity", breach.severity())
                    .put("message", breach.message()));
        });
        shell.out().println(printed.toPrettyString());
    }
}
