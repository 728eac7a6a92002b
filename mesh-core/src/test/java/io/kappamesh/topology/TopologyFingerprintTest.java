package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.RAW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contracts.topologytest.Basket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/** What makes state another one: this has to be all that {@code StateSerde} cannot read. */
class TopologyFingerprintTest {
    private static final EventSource<Basket> INPUT = RAW;
    private static final DataProduct PRODUCT = Shop.product(INPUT, BASKETS);
    private static final Topology TOPOLOGY =
            Bench.assemble(PRODUCT, ports -> ports.publish(BASKETS, ports.read(INPUT).stream()));

    @Test
    void digitsScaleAndUnitsOfTimeArePartOfState() {
        assertThat(List.of(
                        kept("'long'"),
                        kept("{'type':'long','logicalType':'timestamp-millis'}"),
                        kept("{'type':'long','logicalType':'timestamp-micros'}"),
                        kept("{'type':'bytes','logicalType':'decimal','precision':12,'scale':2}"),
                        kept("{'type':'bytes','logicalType':'decimal','precision':14,'scale':2}"),
                        kept("{'type':'bytes','logicalType':'decimal','precision':12,'scale':3}")))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatForgetsSoonerIsOfAnotherShape() {
        assertThat(List.of(forgetting(Map.of()), forgetting(Map.of("ids", "PT1H")), forgetting(Map.of("ids", "PT2H"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void aTopologyWithAStoreHasState() {
        Topology deduplicated = Bench.assemble(
                PRODUCT, ports -> ports.publish(BASKETS, ports.read(INPUT).distinct("seen", Basket::toString)));

        assertThat(new AssembledProduct(deduplicated, List.of(), Set.of()).hasState())
                .isTrue();
        assertThat(new AssembledProduct(TOPOLOGY, List.of(), Set.of()).hasState())
                .isFalse();
    }

    private static List<String> forgetting(Map<String, String> spans) {
        return TopologyFingerprint.of(PRODUCT, TOPOLOGY, Map.of(), spans);
    }

    private static List<String> kept(String type) {
        Schema schema = new Schema.Parser()
                .parse("{'type':'record','name':'Sum','fields':[{'name':'n','type':%s}]}"
                        .formatted(type)
                        .replace('\'', '"'));
        return TopologyFingerprint.of(PRODUCT, TOPOLOGY, Map.of("sums", schema), Map.of());
    }
}
