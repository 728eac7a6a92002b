package io.kappamesh.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.Compression;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.fixture.Products;
import io.kappamesh.store.FilteredStores;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Producers and internal topics of a product, against what its ports can hold. */
class StreamsConfigurationTest {
    private static final DataProduct LARGE = Products.product(
            "sales.a",
            Products.source("sales.raw.v1").maxRecordBytes(20 << 20).build().asInput(),
            Products.table("sales.a.v1").build());

    @Test
    void producersAndInternalTopicsTakeSomeTimesTheLargestRecordOfAPort() {
        assertThat(StreamsConfiguration.sized(LARGE))
                .containsEntry("producer.max.request.size", 80 << 20)
                .containsEntry("producer.buffer.memory", 160L << 20)
                .containsEntry("topic.max.message.bytes", 80 << 20);
    }

    @Test
    void aProductCompressesAsItsPortsAreIfTheyAllSayTheSame() {
        OutputPort<GenericRecord> gzip =
                Products.table("sales.a.v1").compression(Compression.GZIP).build();
        OutputPort<GenericRecord> none =
                Products.table("sales.b.v1").compression(Compression.NONE).build();
        OutputPort<GenericRecord> silent = Products.table("sales.c.v1").build();

        assertThat(StreamsConfiguration.compressed(of(gzip))).containsEntry("producer.compression.type", "gzip");
        assertThat(StreamsConfiguration.compressed(of(none))).containsEntry("producer.compression.type", "none");
        assertThat(StreamsConfiguration.compressed(of(silent))).isEmpty();
        assertThat(StreamsConfiguration.compressed(of(gzip, silent))).isEmpty();
    }

    private static DataProduct of(OutputPort<?>... outputs) {
        return Products.product(
                "sales.a", Products.source("sales.raw.v1").build().asInput(), outputs);
    }

    @Test
    void aSettingThatIsTooSmallForThemIsRefused() {
        Map<String, Object> given = new HashMap<>(StreamsConfiguration.sized(LARGE));
        given.put("producer.max.request.size", "1048576");
        given.put("producer.buffer.memory", "33554432");

        assertThat(StreamsConfiguration.tooSmall(LARGE, given))
                .hasSize(2)
                .contains("product sales.a: streams.producer.max.request.size must be at least 83886080 but is 1048576,"
                        + " which is too small for its own records; raise it or leave it out");
        assertThat(StreamsConfiguration.tooSmall(LARGE, StreamsConfiguration.sized(LARGE)))
                .isEmpty();
    }

    /** Of Kafka's two settings the newer one would win, and ours is that one. */
    @Test
    void whoAsksForOtherStoresGetsThem() {
        assertThat(StreamsConfiguration.stores(Map.of()))
                .containsEntry("dsl.store.suppliers.class", FilteredStores.class);
        assertThat(StreamsConfiguration.stores(Map.of("default.dsl.store", "in_memory")))
                .isEmpty();
    }
}
