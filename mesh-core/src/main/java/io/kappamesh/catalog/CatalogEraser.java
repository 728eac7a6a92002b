package io.kappamesh.catalog;

import io.kappamesh.contract.ProductName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Takes a product out of the catalogue that is not there any more. Stateless. */
public final class CatalogEraser {
    private CatalogEraser() {}

    /**
     * Deletes what stands there of a product. A process that runs it would write it again.
     *
     * @param there where it stands
     * @param client brokers and security, as for any Kafka client
     */
    public static void erase(ProductName product, CatalogSnapshot there, Map<String, Object> client)
            throws ExecutionException, InterruptedException {
        List<ProducerRecord<byte[], byte[]>> deletions = new ArrayList<>();
        deletions.add(CatalogRecords.deletion(product, CatalogRecords.key(product)));
        there.states().stream()
                .map(HeardState::state)
                .filter(state -> state.name().equals(product))
                .forEach(state -> deletions.add(
                        CatalogRecords.deletion(product, CatalogRecords.stateKey(product, state.process()))));
        there.levels().stream()
                .filter(levels -> levels.name().equals(product))
                .forEach(levels -> deletions.add(
                        CatalogRecords.deletion(product, CatalogRecords.levelsKey(product, levels.process()))));
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> written = new ArrayList<>();
            deletions.forEach(deletion -> written.add(producer.send(deletion)));
            for (Future<?> one : written) {
                one.get();
            }
        }
    }
}
