package io.kappamesh.discovery;

import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.catalog.HeardState;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProcessState;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Generation;
import io.kappamesh.level.Counts;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The products of all domains and who reads whom, at one moment. An immutable value.
 *
 * @param products by name
 * @param edges by port and reader
 * @param leftOut what could not be read of products and their readers, and why: a sentence each
 * @param counts what processes have counted of levels of service
 * @param countsLeftOut what could not be read of that, and why
 */
public record Catalog(
        List<FoundProduct> products,
        List<Edge> edges,
        List<String> leftOut,
        Map<ProductName, List<Counts>> counts,
        List<String> countsLeftOut) {
    /** The application that reads a queryable port back for its own product. */
    private static final String QUERIES = ".queries";

    private static final String LOADER = "mesh-load.";

    private static final Set<String> WORKING = Set.of("LIVE", "REPLAYING", "PAUSED", "RESTORING");

    /**
     * A port and who publishes it.
     *
     * @param product whose it is
     * @param output the port
     */
    public record PublishedPort(FoundProduct product, OutputDescription output) {}

    public Catalog {
        products = List.copyOf(products);
        edges = List.copyOf(edges);
        leftOut = List.copyOf(leftOut);
        counts = Map.copyOf(counts);
        countsLeftOut = List.copyOf(countsLeftOut);
    }

    /** The same without counts. */
    public Catalog(List<FoundProduct> products, List<Edge> edges, List<String> leftOut) {
        this(products, edges, leftOut, Map.of(), List.of());
    }

    static Catalog of(CatalogSnapshot there, ReadingGroups groups, Instant now) {
        List<FoundProduct> products = products(there, groups, now);
        List<Edge> edges = new ArrayList<>();
        Set<String> published = new HashSet<>();
        Map<ProductName, Set<String>> declared = new HashMap<>();
        for (FoundProduct product : products) {
            product.description().ifPresent(known -> {
                known.outputs().forEach(output -> published.add(output.address()));
                for (InputDescription input : known.inputs()) {
                    declared.computeIfAbsent(product.name(), name -> new HashSet<>())
                            .add(input.topic());
                    edges.add(new Edge(
                            input.address(),
                            product.name().toString(),
                            product.running() ? Edge.Status.ACTIVE : Edge.Status.SILENT,
                            input.source() != null,
                            figures(product, input.topic())));
                }
            });
        }
        groups.active().forEach((group, topics) -> {
            Set<String> known = product(group).map(declared::get).orElse(null);
            topics.stream()
                    .filter(published::contains)
                    .filter(topic -> known == null || !known.contains(topic))
                    .filter(topic -> !group.equals(topic + QUERIES))
                    .forEach(topic ->
                            edges.add(new Edge(topic, group, Edge.Status.UNDECLARED, false, Edge.Figures.UNKNOWN)));
        });
        // A loader is in no group; its name says what it reads (docs/load.md).
        groups.idle().stream()
                .filter(group -> group.startsWith(LOADER))
                .forEach(group -> published.stream()
                        .filter(port -> group.startsWith(LOADER + port + "."))
                        .forEach(port ->
                                edges.add(new Edge(port, group, Edge.Status.UNDECLARED, false, Edge.Figures.UNKNOWN))));
        edges.sort(Comparator.comparing(Edge::port).thenComparing(Edge::reader));
        Map<ProductName, List<Counts>> counts = new HashMap<>();
        there.levels()
                .forEach(one -> counts.computeIfAbsent(one.name(), name -> new ArrayList<>())
                        .add(one.counts()));
        return new Catalog(products, edges, there.leftOut(), counts, there.levelsLeftOut());
    }

    private static List<FoundProduct> products(CatalogSnapshot there, ReadingGroups groups, Instant now) {
        Map<ProductName, List<HeardState>> states = new TreeMap<>();
        there.states()
                .forEach(heard -> states.computeIfAbsent(heard.state().name(), name -> new ArrayList<>())
                        .add(heard));
        Set<ProductName> active = owners(groups.active().keySet());
        Set<ProductName> idle = owners(groups.idle());
        NavigableSet<ProductName> names = new TreeSet<>(there.descriptions().keySet());
        names.addAll(states.keySet());
        List<FoundProduct> products = new ArrayList<>();
        for (ProductName name : names) {
            List<HeardState> all = states.getOrDefault(name, List.of());
            List<ProcessState> heard = all.stream()
                    .filter(one -> !one.isStale(now))
                    .map(HeardState::state)
                    .toList();
            boolean saysSo = heard.stream()
                    .flatMap(process -> process.generations().stream())
                    .anyMatch(generation -> WORKING.contains(generation.state()));
            products.add(new FoundProduct(
                    name,
                    Optional.ofNullable(there.descriptions().get(name)),
                    heard,
                    active.contains(name) || (saysSo && !idle.contains(name)),
                    all.stream().map(HeardState::at).max(Comparator.naturalOrder())));
        }
        return products;
    }

    private static Set<ProductName> owners(Collection<String> groups) {
        Set<ProductName> owners = new HashSet<>();
        groups.forEach(group -> product(group).ifPresent(owners::add));
        return owners;
    }

    /** Whose generation has this group. */
    private static Optional<ProductName> product(String group) {
        try {
            return Optional.of(Generation.of(group).product());
        } catch (RuntimeException somebodyElses) {
            return Optional.empty();
        }
    }

    private static Edge.Figures figures(FoundProduct product, String topic) {
        List<RunningGeneration.Input> said = product.serving().stream()
                .flatMap(one -> one.inputs().stream())
                .filter(input -> input.topic().equals(topic))
                .toList();
        if (said.isEmpty() || !product.running()) {
            return Edge.Figures.UNKNOWN;
        }
        return new Edge.Figures(
                OptionalLong.of(
                        said.stream().mapToLong(RunningGeneration.Input::lag).sum()),
                OptionalDouble.of(said.stream()
                        .mapToDouble(RunningGeneration.Input::ratePerSecond)
                        .sum()),
                said.stream().flatMap(one -> instant(one.lastReadAt())).max(Comparator.naturalOrder()));
    }

    private static Stream<Instant> instant(@Nullable String text) {
        try {
            return text == null ? Stream.empty() : Stream.of(Instant.parse(text));
        } catch (DateTimeException ofAnotherVersion) {
            return Stream.empty();
        }
    }

    /** The products of one domain, and who reads them or is read by them. */
    public Catalog ofDomain(String domain) {
        return new Catalog(
                products.stream()
                        .filter(one -> one.name().domain().equals(domain))
                        .toList(),
                edges.stream()
                        .filter(edge -> edge.port().startsWith(domain + ".")
                                || edge.reader().startsWith(domain + "."))
                        .toList(),
                leftOut,
                counts,
                countsLeftOut);
    }

    /** A product; empty = it does not stand here. */
    public Optional<FoundProduct> product(ProductName name) {
        return products.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /**
     * A published port; empty = no product here publishes it. A product that gave the port to another one, and does not run any more, stands here as
     * it was: the one that runs counts, or else the one that was heard of last.
     */
    public Optional<PublishedPort> port(String address) {
        @Nullable PublishedPort found = null;
        for (FoundProduct product : products) {
            List<OutputDescription> outputs =
                    product.description().map(ProductDescription::outputs).orElse(List.of());
            for (OutputDescription output : outputs) {
                if (output.address().equals(address) && (found == null || isNewer(product, found.product()))) {
                    found = new PublishedPort(product, output);
                }
            }
        }
        return Optional.ofNullable(found);
    }

    private static boolean isNewer(FoundProduct one, FoundProduct other) {
        return one.running() == other.running()
                ? one.heardAt().orElse(Instant.MIN).isAfter(other.heardAt().orElse(Instant.MIN))
                : one.running();
    }

    /** Who reads a port. */
    public List<Edge> readers(String address) {
        return edges.stream().filter(edge -> edge.port().equals(address)).toList();
    }

    /**
     * The part of it that a port or a product is made of, and that is made of it: upstream and downstream, as far as it goes.
     *
     * @param start an address or the name of a product
     */
    public Catalog around(String start) {
        Map<String, FoundProduct> byName = new HashMap<>();
        Map<String, String> publisher = new HashMap<>();
        for (FoundProduct product : products) {
            byName.put(product.name().toString(), product);
            product.description()
                    .ifPresent(known -> known.outputs()
                            .forEach(output -> publisher.put(
                                    output.address(), product.name().toString())));
        }
        Map<String, List<Edge>> byReader = new HashMap<>();
        Map<String, List<Edge>> byPort = new HashMap<>();
        edges.forEach(edge -> {
            byReader.computeIfAbsent(edge.reader(), name -> new ArrayList<>()).add(edge);
            byPort.computeIfAbsent(edge.port(), name -> new ArrayList<>()).add(edge);
        });
        Set<Edge> kept = new HashSet<>();
        Set<String> names = new HashSet<>();
        boolean isProduct = byName.containsKey(start);
        String owner = isProduct ? start : publisher.getOrDefault(start, "");
        if (!owner.isEmpty()) {
            names.add(owner);
            walk(
                    owner,
                    names,
                    name -> byReader.getOrDefault(name, List.of()).stream()
                            .filter(kept::add)
                            .map(edge -> publisher.getOrDefault(edge.port(), ""))
                            .toList());
        }
        Set<String> downstream = new HashSet<>();
        List<String> ports = isProduct ? outputs(byName.get(start)) : List.of(start);
        for (String port : ports) {
            byPort.getOrDefault(port, List.of()).stream().filter(kept::add).forEach(edge -> {
                if (downstream.add(edge.reader())) {
                    walk(
                            edge.reader(),
                            downstream,
                            name -> outputs(byName.get(name)).stream()
                                    .flatMap(output -> byPort.getOrDefault(output, List.of()).stream())
                                    .filter(kept::add)
                                    .map(Edge::reader)
                                    .toList());
                }
            });
        }
        names.addAll(downstream);
        Predicate<FoundProduct> isNamed =
                product -> names.contains(product.name().toString());
        return new Catalog(
                products.stream().filter(isNamed).toList(),
                edges.stream().filter(kept::contains).toList(),
                leftOut,
                counts,
                countsLeftOut);
    }

    private static void walk(String from, Set<String> seen, Function<String, List<String>> next) {
        List<String> open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            String name = open.remove(open.size() - 1);
            next.apply(name).stream()
                    .filter(one -> !one.isEmpty() && seen.add(one))
                    .forEach(open::add);
        }
    }

    private static List<String> outputs(@Nullable FoundProduct product) {
        return product == null
                ? List.of()
                : product.description().stream()
                        .flatMap(known -> known.outputs().stream())
                        .map(OutputDescription::address)
                        .toList();
    }
}
