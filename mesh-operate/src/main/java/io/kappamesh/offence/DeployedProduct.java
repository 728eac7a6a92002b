package io.kappamesh.offence;

import io.kappamesh.Internal;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.ProductName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** What the catalogue of its domain says of a product that is deployed. Stateless. */
@Internal
public final class DeployedProduct {
    private DeployedProduct() {}

    /**
     * Empty = nothing of it stands there.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws KafkaException when the catalogue cannot be read
     */
    public static Optional<ProductDescription> read(Admin admin, Map<String, Object> client, ProductName product)
            throws InterruptedException {
        try {
            if (!TopicAdmin.exists(admin, CatalogTopic.of(product.domain()))) {
                return Optional.empty();
            }
            CatalogSnapshot there = CatalogSnapshot.read(admin, List.of(product.domain()), client);
            @Nullable ProductDescription found = there.descriptions().get(product);
            if (found == null && !there.leftOut().isEmpty()) {
                throw new KafkaException(String.join("; ", there.leftOut()));
            }
            return Optional.ofNullable(found);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(failed.getCause());
        }
    }
}
