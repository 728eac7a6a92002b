package io.kappamesh.provision;

import io.kappamesh.brokers.AdminCall;
import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.failure.Causes;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in the log which inputs of products are going to end, by the catalogues of the domains that own them. Reading those may take long, and no product waits for it.
 * Stateless.
 */
public final class DeprecatedInputs {
    private static final Logger LOG = LoggerFactory.getLogger(DeprecatedInputs.class);

    private DeprecatedInputs() {}

    /**
     * Reads the catalogues and warns. What may not be read is told, and not worth another attempt.
     *
     * @param client brokers and security, as for any Kafka client
     * @return whether it has looked; false = the brokers did not answer
     */
    public static boolean warn(Admin admin, Map<String, Object> client, List<DataProduct> products)
            throws InterruptedException {
        Set<String> owners = products.stream()
                .flatMap(DeprecatedInputs::published)
                .map(input -> input.address().domain())
                .collect(Collectors.toCollection(TreeSet::new));
        if (owners.isEmpty()) {
            return true;
        }
        try {
            NavigableSet<String> there =
                    CatalogTopic.domains(AdminCall.ask(() -> admin.listTopics().names()));
            there.retainAll(owners);
            owners.removeAll(there);
            if (!owners.isEmpty()) {
                LOG.info(
                        "Not looked at for deprecated ports: the catalogues of {} are not there, or may not be seen",
                        owners);
            }
            if (!there.isEmpty()) {
                CatalogSnapshot snapshot = CatalogSnapshot.read(admin, there, client);
                snapshot.leftOut().forEach(why -> LOG.info("Not looked at for deprecated ports: {}", why));
                products.forEach(product -> warn(product, snapshot));
            }
            return true;
        } catch (InterruptedException | InterruptException stop) {
            throw stop instanceof InterruptedException interrupted ? interrupted : new InterruptedException();
        } catch (Exception failed) {
            boolean isRefused = Causes.chain(failed).anyMatch(AuthorizationException.class::isInstance);
            LOG.info("Not looked at for deprecated ports{}: {}", isRefused ? "" : " yet", Causes.of(failed));
            return isRefused;
        }
    }

    private static Stream<InputPort<?>> published(DataProduct product) {
        return product.inputs().stream().filter(input -> input.source().isEmpty());
    }

    private static void warn(DataProduct product, CatalogSnapshot snapshot) {
        published(product)
                .forEach(input -> snapshot.port(input.address().toString())
                        .flatMap(OutputDescription::ending)
                        .ifPresent(ending ->
                                LOG.warn("{} reads {}, which {}", product.name(), input.address(), ending.sentence())));
    }
}
