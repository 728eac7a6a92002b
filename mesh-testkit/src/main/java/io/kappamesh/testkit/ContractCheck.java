package io.kappamesh.testkit;

import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.evolution.Breach;
import io.kappamesh.evolution.ConsumerGate;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.evolution.ReleaseGate;
import io.kappamesh.evolution.ReleasedPort;
import io.kappamesh.topology.StreamingProduct;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what products declare with the contracts that were released and with the needs of their readers, as files of a repository keep them:
 * {@code ContractCheck.of(products).in(Path.of("../contracts")).passes()}. A start of the products gives the same verdict, by the registry
 * and the catalogue.
 *
 * <p>{@code released/sales.orders.v1.json} has each release of a port. A change that breaks one of them is refused; so is one that is not
 * recorded as a release yet, which a run with {@code -Dmesh.contracts.update=true} does, unless it breaks something. {@code
 * needs/logistics.shipments.json} says what a product needs of the ports that it reads. Each domain keeps its own there by the same run; {@code
 * ./mesh needs DOMAIN} fetches those of domains in other repositories. Immutable; one thread at a time may update a directory.
 */
public final class ContractCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ContractCheck.class);
    private static final String UPDATE = "mesh.contracts.update";

    private final List<ProductDescription> products;
    private final ContractFiles files;

    private ContractCheck(List<ProductDescription> products, ContractFiles files) {
        this.products = products;
        this.files = files;
    }

    /** Chooses what is compared. */
    public static Of of(List<StreamingProduct> products) {
        return new Of(products);
    }

    /** Waits for the directory. */
    public static final class Of {
        private final List<StreamingProduct> products;

        private Of(List<StreamingProduct> products) {
            this.products = List.copyOf(products);
        }

        /** @param directory in which {@code released} and {@code needs} are; it may be one inside of a jar, of a file system of its own */
        public ContractCheck in(Path directory) {
            return new ContractCheck(
                    products.stream()
                            .map(one -> ProductDescription.of(one.product(), null, "any", Map.of()))
                            .toList(),
                    new ContractFiles(directory));
        }
    }

    /**
     * Demands that nothing breaks and everything is recorded. With {@code -Dmesh.contracts.update=true} records what breaks nothing. Logs the
     * {@link #warnings}.
     *
     * @throws AssertionError with everything that breaks: port, consumer, field, rule, both versions and the way out
     * @throws io.kappamesh.declaration.DeclarationException when a file is none of this library's
     */
    public void passes() {
        warnings().forEach(warning -> LOG.warn("{}", warning));
        List<String> problems = new ArrayList<>(breaches());
        if (problems.isEmpty()) {
            problems.addAll(unrecorded(Boolean.getBoolean(UPDATE)));
        }
        if (!problems.isEmpty()) {
            throw new AssertionError(problems.stream()
                    .collect(Collectors.joining(
                            System.lineSeparator(), "contracts do not hold:" + System.lineSeparator(), "")));
        }
    }

    /**
     * Ports that these products read and whose owner has declared them deprecated, a sentence each with the successor and the end of life. Known of
     * the ports that these products publish themselves, and of those whose releases are kept in the same place.
     */
    public List<String> warnings() {
        Map<String, OutputDescription> own = new HashMap<>();
        products.forEach(product -> product.outputs().forEach(port -> own.put(port.address(), port)));
        List<String> warnings = new ArrayList<>();
        for (ProductDescription product : products) {
            for (InputDescription input : ContractFiles.Needs.of(product).inputs()) {
                List<OutputDescription> releases = files.releases(input.address());
                Optional.ofNullable(own.get(input.address()))
                        .or(() ->
                                releases.isEmpty() ? Optional.empty() : Optional.of(releases.get(releases.size() - 1)))
                        .flatMap(OutputDescription::ending)
                        .ifPresent(ending -> warnings.add(
                                product.product() + " reads " + input.address() + ", which " + ending.sentence()));
            }
        }
        return List.copyOf(warnings);
    }

    /** What the declarations break, a sentence each; empty = nothing. */
    public List<String> breaches() {
        List<Breach> breaches = new ArrayList<>();
        List<ContractFiles.Needs> all = needs();
        for (ProductDescription product : products) {
            for (OutputDescription port : product.outputs()) {
                List<OutputDescription> releases = files.releases(port.address());
                breaches.addAll(ReleaseGate.breaches(
                        IntStream.range(0, releases.size())
                                .mapToObj(number -> new ReleasedPort("release " + (number + 1), releases.get(number)))
                                .toList(),
                        port));
                OutputDescription last = releases.isEmpty() ? null : releases.get(releases.size() - 1);
                readers(all, port.address())
                        .forEach((consumer, input) ->
                                breaches.addAll(new ConsumerGate(consumer, input).breaches(last, port)));
            }
            breaches.addAll(unreadable(product));
        }
        breaches.addAll(dropped(all));
        return breaches.stream().map(Breach::message).distinct().toList();
    }

    /** What these products need themselves is what they declare, and not what was kept. */
    private List<ContractFiles.Needs> needs() {
        List<ContractFiles.Needs> all = new ArrayList<>(files.needs());
        all.removeIf(
                one -> products.stream().anyMatch(product -> product.product().equals(one.product())));
        products.forEach(product -> all.add(ContractFiles.Needs.of(product)));
        return all;
    }

    private static Map<String, InputDescription> readers(List<ContractFiles.Needs> all, String port) {
        Map<String, InputDescription> readers = new HashMap<>();
        all.forEach(one -> one.inputs().stream()
                .filter(input -> input.address().equals(port))
                .forEach(input -> readers.put(one.product(), input)));
        return readers;
    }

    /** Releases of ports that these products read, as far as they are kept in the same place. */
    private List<Breach> unreadable(ProductDescription product) {
        return ContractFiles.Needs.of(product).inputs().stream()
                .flatMap(input -> files.releases(input.address()).stream()
                        .flatMap(
                                release -> new ConsumerGate(product.product(), input).breaches(null, release).stream()))
                .toList();
    }

    /** Ports of these domains that somebody reads, that were released, and that nobody publishes any more. */
    private List<Breach> dropped(List<ContractFiles.Needs> all) {
        List<String> published = products.stream()
                .flatMap(product -> product.outputs().stream().map(OutputDescription::address))
                .toList();
        List<String> domains =
                products.stream().map(product -> product.name().domain()).toList();
        return all.stream()
                .flatMap(one -> one.inputs().stream()
                        .filter(input ->
                                domains.contains(PortAddress.of(input.address()).domain())
                                        && !published.contains(input.address())
                                        && !files.releases(input.address()).isEmpty())
                        .map(input -> new ConsumerGate(one.product(), input).withoutPort()))
                .toList();
    }

    private List<String> unrecorded(boolean update) {
        List<String> unrecorded = new ArrayList<>();
        for (ProductDescription product : products) {
            for (OutputDescription port : product.outputs()) {
                if (!files.isReleased(port)) {
                    if (update) {
                        files.release(port);
                    } else {
                        unrecorded.add("port " + port.address()
                                + ": what is declared now is not among its releases; run this test once with -D"
                                + UPDATE
                                + "=true, and commit the file");
                    }
                }
            }
            ContractFiles.Needs needs = ContractFiles.Needs.of(product);
            if (!files.isKept(needs)) {
                if (update) {
                    files.keep(needs);
                } else {
                    unrecorded.add("product " + product.product()
                            + ": what it needs of others is not what is kept of it; run this test once with -D" + UPDATE
                            + "=true, and commit the file");
                }
            }
        }
        return unrecorded;
    }
}
