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
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;

/**
 * What speaks against retiring a port: who declares that he reads it, who does so without saying it, what cannot be seen, and what is
 * promised. One thread.
 */
final class PortReaders {
    private final Admin admin;
    private final Discovery discovery;
    private final LocalDate today;

    /** @param today what the end of life is compared with */
    PortReaders(Admin admin, Discovery discovery, LocalDate today) {
        this.admin = admin;
        this.discovery = discovery;
        this.today = today;
    }

    /**
     * A phrase each; empty = nothing speaks against it.
     *
     * @param owner whose port it is
     */
    List<String> objections(PortAddress port, ProductName owner) throws ExecutionException, InterruptedException {
        Catalog catalog = discovery.catalog();
        Map<String, String> readers = new TreeMap<>();
        catalog.readers(port.toString()).stream()
                .filter(edge -> edge.status() != Edge.Status.UNDECLARED)
                .forEach(edge -> readers.put(edge.reader(), "declares that it reads it"));
        groups(port, readers);
        List<String> objections = new ArrayList<>();
        readers.forEach((reader, how) -> objections.add(reader + " (" + how + ")"));
        catalog.leftOut().forEach(why -> objections.add("not all readers can be seen: " + why));
        Authorizer authorizer = Authorizer.of(admin);
        if (authorizer.mayHide() && authorizer.readers(List.of(port.topic())).isEmpty()) {
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

    /** Who reads without saying it. A product's own groups count while they read; whether it comes back, its declaration tells. */
    private void groups(PortAddress port, Map<String, String> readers) throws ExecutionException, InterruptedException {
        Discovery.Groups groups = discovery.groups();
        groups.active().forEach((group, topics) -> {
            if (topics.contains(port.topic()) && !isOfQueries(group, port)) {
                readers.putIfAbsent(product(group).orElse(group), "its consumer group reads it now");
            }
        });
        for (String group : groups.idle().stream().sorted().toList()) {
            if (product(group).isEmpty() && !isOfQueries(group, port) && hasRead(group, port.topic())) {
                readers.putIfAbsent(group, "its consumer group has read it, has no members now, and may come back");
            }
        }
    }

    /** The processes that serve a queryable port read it themselves. */
    private static boolean isOfQueries(String group, PortAddress port) {
        return group.equals(port.topic() + ".queries");
    }

    private static Optional<String> product(String group) {
        try {
            return Optional.of(Generation.of(group).product().toString());
        } catch (DeclarationException somebodyElses) {
            return Optional.empty();
        }
    }

    private boolean hasRead(String group, String topic) throws ExecutionException, InterruptedException {
        try {
            return AdminCall.ask(() -> admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                            .partitionsToOffsetAndMetadata(group))
                    .keySet()
                    .stream()
                    .map(TopicPartition::topic)
                    .anyMatch(topic::equals);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ApiException
                    && !(failed.getCause() instanceof org.apache.kafka.common.errors.RetriableException)) {
                return false; // it has gone, or is of another kind
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
