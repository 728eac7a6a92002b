package io.kappamesh.provision;

import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OwnedPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.evolution.Breach;
import io.kappamesh.evolution.ReleaseGate;
import io.kappamesh.evolution.ReleasedPort;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.IncompatibleSchemaException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.RegisteredCodecs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what a build declares with what was released, before anything is created or registered: schemas with all versions in the registry,
 * those that are deleted softly included, because topics have their data still; everything else with what the catalogue says of the
 * product that serves. What is promised less is only logged: a build that was deployed before a promise was added must be able to start again. Writes
 * nothing. Stateless.
 */
public final class ContractGate {
    private static final Logger LOG = LoggerFactory.getLogger(ContractGate.class);
    private static final String SERVING = "the catalogue";

    private ContractGate() {}

    /**
     * Demands that nothing breaks, once registry and brokers answer.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws StartupException {@link ExitCode#CONTRACT} with every breach of all products
     */
    public static void require(
            Admin admin,
            SchemaRegistry registry,
            Map<String, Object> client,
            RetryPolicy retries,
            List<DataProduct> products)
            throws InterruptedException {
        List<String> problems = new ArrayList<>(schemas(registry, retries, products));
        problems.addAll(terms(admin, client, retries, products));
        StartupException.throwIfAny(ExitCode.CONTRACT, problems);
    }

    private static List<String> schemas(SchemaRegistry registry, RetryPolicy retries, List<DataProduct> products)
            throws InterruptedException {
        List<String> problems = new ArrayList<>();
        for (DataProduct product : products) {
            for (OwnedPort<?> port : RegisteredCodecs.registered(product)) {
                PortAddress address = port.address();
                try {
                    retries.await(
                                    "the schema registry",
                                    () -> registry.broken(
                                            address.valueSubject(),
                                            port.contract().schema(),
                                            Compatibility.FULL_TRANSITIVE))
                            .forEach(breach -> problems.add("port " + address + ", subject " + address.valueSubject()
                                    + ": " + breach + ", or publish the change as " + next(address)));
                } catch (IncompatibleSchemaException noAvro) {
                    problems.add("port " + address + ": " + noAvro.getMessage());
                }
            }
        }
        return problems;
    }

    private static PortAddress next(PortAddress address) {
        return new PortAddress(address.domain(), address.name(), address.major() + 1);
    }

    private static List<String> terms(
            Admin admin, Map<String, Object> client, RetryPolicy retries, List<DataProduct> products)
            throws InterruptedException {
        Set<String> domains = products.stream()
                .map(product -> product.name().domain())
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, OutputDescription> serving = retries.await("the brokers, to read the catalogue", () -> {
            try {
                return serving(admin, client, domains);
            } catch (Exception failed) {
                if (Causes.chain(failed).noneMatch(AuthorizationException.class::isInstance)) {
                    throw failed;
                }
                LOG.info("The catalogue may not be read, and is not compared: {}", Causes.of(failed));
                return Map.of();
            }
        });
        List<Breach> breaches = products.stream()
                .flatMap(product -> product.outputs().stream())
                .map(port -> OutputDescription.of(port, Map.of()))
                .flatMap(port -> Stream.ofNullable(serving.get(port.address()))
                        .flatMap(before -> ReleaseGate.terms(new ReleasedPort(SERVING, before), port).stream()))
                .toList();
        breaches.stream()
                .filter(Breach::isTakenBack)
                .forEach(breach -> LOG.warn("{}. An earlier build that is started again may do so", breach.message()));
        return breaches.stream()
                .filter(breach -> !breach.isTakenBack())
                .map(Breach::message)
                .toList();
    }

    private static Map<String, OutputDescription> serving(Admin admin, Map<String, Object> client, Set<String> domains)
            throws Exception {
        List<String> there = new ArrayList<>();
        for (String domain : domains) {
            if (TopicAdmin.exists(admin, CatalogTopic.of(domain))) {
                there.add(domain);
            }
        }
        Map<String, OutputDescription> ports = new HashMap<>();
        if (!there.isEmpty()) {
            CatalogSnapshot snapshot = CatalogSnapshot.read(admin, there, client);
            snapshot.leftOut().forEach(why -> LOG.info("Not compared with the catalogue: {}", why));
            snapshot.descriptions()
                    .values()
                    .forEach(product -> product.outputs().forEach(port -> ports.put(port.address(), port)));
        }
        return ports;
    }
}
