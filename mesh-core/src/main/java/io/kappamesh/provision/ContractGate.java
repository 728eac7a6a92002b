package io.kappamesh.provision;

import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what a build declares with what was released, before anything is created or registered: schemas with all versions in the registry,
 * those that are deleted softly included, because topics have their data still; everything else with what the catalogue says of the
 * product that serves. What is promised less is only logged: a build that was deployed before a promise was added must be able to start again. Writes nothing. Stateless.
 */
public final class ContractGate {
    private static final Logger LOG = LoggerFactory.getLogger(ContractGate.class);
    private static final String SERVING = "the catalogue";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final CatalogSnapshot NOTHING = new CatalogSnapshot(new TreeMap<>(), List.of(), List.of());

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
        List<String> problems = new ArrayList<>(terms(admin, client, retries, products));
        problems.addAll(schemas(registry, retries, products));
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
        Set<String> own = products.stream()
                .map(product -> product.name().domain())
                .collect(Collectors.toCollection(TreeSet::new));
        CatalogSnapshot catalogue = read(admin, client, retries, own);
        List<Breach> breaches = new ArrayList<>();
        for (DataProduct product : products) {
            tellEndings(product);
            for (OutputPort<?> port : product.outputs()) {
                catalogue
                        .portOf(port.address().toString(), product.name())
                        .ifPresent(before -> breaches.addAll(ReleaseGate.terms(
                                new ReleasedPort(SERVING, before), OutputDescription.of(port, Map.of()))));
            }
        }
        breaches.stream()
                .filter(Breach::isTakenBack)
                .forEach(breach -> LOG.warn("{}. An earlier build that is started again may do so", breach.message()));
        return breaches.stream()
                .filter(breach -> !breach.isTakenBack())
                .map(Breach::message)
                .toList();
    }

    private static void tellEndings(DataProduct product) {
        product.outputs()
                .forEach(output -> output.deprecation()
                        .ifPresent(ending -> LOG.info(
                                "{} publishes {}, which is deprecated: {} is its successor, and it may be retired from {} on",
                                product.name(),
                                output.address(),
                                ending.successor(),
                                ending.endOfLife())));
    }

    /**
     * The catalogues of some domains. Tried once and for a short time: no product needs them to run.
     */
    private static CatalogSnapshot read(
            Admin admin, Map<String, Object> client, RetryPolicy retries, Set<String> domains)
            throws InterruptedException {
        List<String> there = new ArrayList<>();
        for (String domain : domains) {
            if (retries.await("the brokers, to read the catalogue", () -> isThere(admin, domain))) {
                there.add(domain);
            }
        }
        if (there.isEmpty()) {
            return NOTHING;
        }
        Map<String, Object> impatient = new HashMap<>(client);
        impatient.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        try {
            CatalogSnapshot snapshot = CatalogSnapshot.read(admin, there, impatient);
            snapshot.leftOut().forEach(why -> LOG.warn("Not compared with the catalogue: {}", why));
            return snapshot;
        } catch (InterruptedException | InterruptException stop) {
            throw stop instanceof InterruptedException interrupted ? interrupted : new InterruptedException();
        } catch (Exception failed) {
            LOG.warn("The catalogue cannot be read, and is not compared: {}", Causes.of(failed));
            return NOTHING;
        }
    }

    private static boolean isThere(Admin admin, String domain) throws Exception {
        try {
            return TopicAdmin.exists(admin, CatalogTopic.of(domain));
        } catch (Exception failed) {
            if (Causes.chain(failed).noneMatch(AuthorizationException.class::isInstance)) {
                throw failed;
            }
            LOG.warn("The catalogue of {} may not be read, and is not compared: {}", domain, Causes.of(failed));
            return false;
        }
    }
}
