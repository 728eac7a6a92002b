package io.kappamesh.retirement;

import io.kappamesh.access.Authorizer;
import io.kappamesh.brokers.AdminCall;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.Edge;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * What speaks against retiring a port: who declares that he reads it, who does so without saying it, what cannot be seen, and what is
 * promised. One thread.
 */
final class PortReaders {
    /** What a group without members, or one that does not tell, has read. */
    enum HasRead {
        YES,
        NO,
        HIDDEN
    }

    /** Asks brokers about a group. */
    @FunctionalInterface
    interface CommittedOffsets {
        HasRead of(String group, String topic) throws ExecutionException, InterruptedException;
    }

    private final CommittedOffsets offsets;
    private final boolean hidesGroups;
    private final LocalDate today;

    /**
     * @param hidesGroups whether brokers may hide groups from whoever asks
     * @param today what the end of life is compared with
     */
    PortReaders(CommittedOffsets offsets, boolean hidesGroups, LocalDate today) {
        this.offsets = offsets;
        this.hidesGroups = hidesGroups;
        this.today = today;
    }

    /** Those of brokers, for a port. */
    static PortReaders of(Admin admin, PortAddress port, LocalDate today)
            throws ExecutionException, InterruptedException {
        Authorizer authorizer = Authorizer.of(admin);
        return new PortReaders(
                (group, topic) -> hasRead(admin, group, topic),
                authorizer.mayHide()
                        && authorizer.readers(List.of(port.topic())).isEmpty(),
                today);
    }

    /**
     * A phrase each; empty = nothing speaks against it.
     *
     * @param owner whose port it is
     * @param products all that stand in control topics
     * @param seen who is seen to read
     */
    List<String> objections(PortAddress port, ProductName owner, List<ProductLifecycle> products, Discovery.Seen seen)
            throws ExecutionException, InterruptedException {
        Catalog catalog = seen.catalog();
        Map<String, String> readers = new TreeMap<>();
        catalog.readers(port.toString()).stream()
                .filter(edge -> edge.status() != Edge.Status.UNDECLARED)
                .forEach(edge -> readers.put(edge.reader(), "declares that it reads it"));
        // What serves is declared in the catalogue, unless its product is forgotten there: that cannot be retired, and
        // is gone for good.
        products.forEach(product -> product.candidates().stream()
                .filter(generation -> generation.inputs().contains(port.topic()))
                .forEach(generation -> readers.putIfAbsent(
                        product.product(),
                        "its generation g" + generation.number() + " reads it, and is not retired")));
        Set<String> hidden = groups(port, readers, products, seen.groups());
        List<String> objections = new ArrayList<>();
        readers.forEach((reader, how) -> objections.add(reader + " (" + how + ")"));
        if (!hidden.isEmpty()) {
            objections.add("not all readers can be seen: these credentials lack DESCRIBE on the groups "
                    + String.join(", ", hidden));
        }
        catalog.leftOut().forEach(why -> objections.add("not all readers can be seen: " + why));
        if (hidesGroups) {
            objections.add(
                    "not all readers can be seen: brokers hide groups from these credentials, which lack DESCRIBE on the"
                            + " cluster");
        }
        catalog.port(port.toString())
                .filter(known -> known.product().name().equals(owner))
                .flatMap(known -> known.output().ending())
                .map(OutputDescription.Ending::endOfLife)
                .filter(day -> today.isBefore(LocalDate.parse(day)))
                .ifPresent(day -> objections.add("it is promised until " + day));
        return objections;
    }

    /**
     * Who reads without saying it. The group of a generation counts while it has members; whether it comes back, its product's decisions tell.
     *
     * @return groups of which brokers do not tell what they read
     */
    private Set<String> groups(
            PortAddress port, Map<String, String> readers, List<ProductLifecycle> products, Discovery.Groups groups)
            throws ExecutionException, InterruptedException {
        groups.active().forEach((group, topics) -> {
            if (topics.contains(port.topic()) && !isOfQueries(group, port)) {
                readers.putIfAbsent(reader(group, products), "its consumer group reads it now");
            }
        });
        Set<String> asked = new TreeSet<>(groups.unclear());
        groups.idle().stream()
                .filter(group -> generation(group, products).isEmpty())
                .forEach(asked::add);
        Set<String> hidden = new TreeSet<>();
        for (String group : asked) {
            if (isOfQueries(group, port)) {
                continue;
            }
            switch (offsets.of(group, port.topic())) {
                case YES ->
                    readers.putIfAbsent(
                            reader(group, products),
                            groups.idle().contains(group)
                                    ? "its consumer group has read it, has no members now, and may come back"
                                    : "its consumer group has read it, and is at work");
                case HIDDEN -> hidden.add(group);
                case NO -> {}
            }
        }
        return hidden;
    }

    /** The processes that serve a queryable port read it themselves. */
    private static boolean isOfQueries(String group, PortAddress port) {
        return group.equals(port.topic() + ".queries");
    }

    /** The product, if the group is that of a generation of it. */
    private static String reader(String group, List<ProductLifecycle> products) {
        return generation(group, products)
                .map(generation -> generation.product().toString())
                .orElse(group);
    }

    /** Anybody may name a group as generations are named: it is one if a control topic knows it. */
    private static Optional<Generation> generation(String group, List<ProductLifecycle> products) {
        try {
            Generation named = Generation.of(group);
            return products.stream()
                            .anyMatch(product -> product.name().equals(named.product())
                                    && product.generation(named.number()).isPresent())
                    ? Optional.of(named)
                    : Optional.empty();
        } catch (DeclarationException somebodyElses) {
            return Optional.empty();
        }
    }

    private static HasRead hasRead(Admin admin, String group, String topic)
            throws ExecutionException, InterruptedException {
        try {
            return AdminCall.ask(() -> admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                                    .partitionsToOffsetAndMetadata(group))
                            .keySet()
                            .stream()
                            .map(TopicPartition::topic)
                            .anyMatch(topic::equals)
                    ? HasRead.YES
                    : HasRead.NO;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AuthorizationException) {
                return HasRead.HIDDEN;
            }
            if (failed.getCause() instanceof ApiException && !(failed.getCause() instanceof RetriableException)) {
                return HasRead.NO; // it has gone, or keeps no offsets
            }
            throw failed;
        }
    }

    /** Topics of a port: its own, and those that candidates wrote in its place. */
    static List<String> topics(PortAddress port, Set<String> existing) {
        return existing.stream()
                .filter(topic ->
                        topic.equals(port.topic()) || topic.matches(Pattern.quote(port.topic()) + "\\.g[0-9]+"))
                .sorted()
                .toList();
    }
}
