package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.FOREIGN;
import static io.kappamesh.topology.Shop.ITEMS;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.declaration.DeclarationException;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.test.TestRecord;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;

class WiringTest {
    private static final EventSource<Basket> INPUT = RAW;

    @Test
    void whatIsDeclaredAndNotWiredIsRefusedAltogether() {
        DataProduct product = Shop.declared()
                .reads(INPUT)
                .reads(FOREIGN)
                .publishes(BASKETS)
                .publishes(ITEMS)
                .build();

        DeclarationException refused =
                catchThrowableOfType(DeclarationException.class, () -> Bench.assemble(product, ports -> {}));

        assertThat(refused.problems())
                .containsExactly(
                        "product shop.test: declares that it reads shop.raw.v1, but its topology never does; read it, or remove it from the declaration",
                        "product shop.test: declares that it reads mall.baskets.v1, but its topology never does; read it, or remove it from the declaration",
                        "product shop.test: declares that it publishes shop.baskets.v1, but its topology never does; publish it, or remove it from the declaration",
                        "product shop.test: declares that it publishes shop.items.v1, but its topology never does; publish it, or remove it from the declaration");
    }

    @Test
    void whatIsNotDeclaredCannotBeReadNorPublished() {
        assertThatThrownBy(() -> Bench.assemble(Shop.product(INPUT, BASKETS), ports -> ports.read(FOREIGN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "product shop.test does not declare that it reads mall.baskets.v1; add reads(…) to its declaration");
        assertThatThrownBy(() -> Bench.assemble(
                        Shop.product(FOREIGN, ITEMS),
                        ports -> ports.publish(BASKETS, ports.read(FOREIGN).changes())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("product shop.test does not declare that it publishes shop.baskets.v1; add publishes(…) to"
                        + " its declaration");
    }

    @Test
    void onePortIsWiredOnce() {
        assertThatThrownBy(() -> Bench.assemble(Shop.product(INPUT, BASKETS), ports -> {
                    ports.read(INPUT).stream();
                    ports.read(INPUT).stream();
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wires shop.raw.v1 twice");
        assertThatThrownBy(() -> Bench.assemble(Shop.product(INPUT, BASKETS), ports -> {
                    KStream<String, Basket> baskets = ports.read(INPUT).stream();
                    ports.publish(BASKETS, baskets);
                    ports.publish(BASKETS, baskets);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wires shop.baskets.v1 twice");
    }

    @Test
    void topicsWithoutAPortAreNotWritten() {
        DeclarationException refused = catchThrowableOfType(
                DeclarationException.class,
                () -> Bench.assemble(Shop.product(INPUT, BASKETS), ports -> {
                    KStream<String, Basket> baskets = ports.read(INPUT).stream();
                    baskets.to("alerts", Produced.with(Serdes.String(), ports.serde(Basket.class)));
                    baskets.to((key, basket, context) -> key, Produced.as("by-key"));
                    ports.publish(BASKETS, baskets);
                }));

        assertThat(refused.problems())
                .containsExactly(
                        "product shop.test: its topology writes topic alerts without a port; a replay would write it again."
                                + " Declare an output port, and use ports.publish(…) instead of to(…)",
                        "product shop.test: its topology writes topics that by-key chooses without a port; a replay would"
                                + " write it again. Declare an output port, and use ports.publish(…) instead of to(…)");
    }

    @Test
    void repartitionTopicsOfTheTopologyAreWritten() {
        Topology topology = Bench.assemble(Shop.product(INPUT, BASKETS), ports -> {
            KTable<String, Basket> table = ports.read(INPUT).table("baskets");
            KTable<String, Basket> joined = table.join(
                    table,
                    Basket::getNote,
                    (one, other) -> other,
                    TableJoined.as("with-itself"),
                    ports.store("joined", Basket.class));
            ports.publish(
                    BASKETS,
                    joined.toStream(Named.as("changes"))
                            .repartition(Repartitioned.<String, Basket>as("again")
                                    .withKeySerde(Serdes.String())
                                    .withValueSerde(ports.serde(Basket.class))));
        });

        assertThat(topology.describe().subtopologies()).hasSize(2);
    }

    @Test
    void aStoreWithoutANameIsRefused() {
        assertThatThrownBy(() -> Bench.assemble(Shop.product(FOREIGN, BASKETS), ports -> {
                    KTable<String, Basket> table = ports.read(FOREIGN).table("baskets");
                    KTable<String, Basket> unnamed =
                            table.groupBy(KeyValue::pair).reduce((one, other) -> other, (one, other) -> one);
                    ports.publish(BASKETS, unnamed.toStream());
                }))
                .isInstanceOf(TopologyException.class);
    }

    @Test
    void topicsThatAreJoinedMeetAndOthersDoNot() {
        DataProduct product = Shop.declared()
                .reads(INPUT)
                .reads(FOREIGN)
                .publishes(BASKETS)
                .publishes(ITEMS)
                .build();

        Topology joined = Bench.assemble(product, ports -> {
            KTable<String, Basket> foreign = ports.read(FOREIGN).table("foreign");
            KTable<String, Basket> own = ports.read(INPUT).table("own");
            ports.publish(BASKETS, foreign.join(own, (one, other) -> one).toStream(Named.as("joined")));
            ports.publish(
                    ITEMS,
                    own.toStream(Named.as("changes"))
                            .mapValues(basket -> basket.getItems().get(0)));
        });
        Topology apart = Bench.assemble(product, ports -> {
            ports.publish(BASKETS, ports.read(FOREIGN).changes());
            ports.publish(
                    ITEMS,
                    ports.read(INPUT).stream()
                            .mapValues(basket -> basket.getItems().get(0)));
        });

        assertThat(Assembly.topicsThatMeet(joined)).containsExactly(Set.of("shop.raw.v1", "mall.baskets.v1"));
        assertThat(Assembly.topicsThatMeet(apart)).isEmpty();
    }

    @Test
    void aTableIsTheLatestByOffsetWhateverItsEventTime() {
        try (Bench bench = new Bench(
                Shop.product(FOREIGN, BASKETS),
                ports -> ports.publish(
                        BASKETS, ports.read(FOREIGN).table("baskets").toStream(Named.as("changes"))))) {
            bench.pipe(FOREIGN, "k", basket(NOON, "first", "a"));
            bench.pipe(FOREIGN, "k", basket(NOON.minusSeconds(9), "correction", "a"));
            bench.pipe(FOREIGN, Bench.utf8("k"), null, new RecordHeaders(), 9);

            assertThat(bench.records(BASKETS))
                    .extracting(TestRecord::timestamp)
                    .containsExactly(NOON.toEpochMilli(), NOON.toEpochMilli() - 9_000, 9L);
            assertThat(bench.driver.getKeyValueStore("baskets").get("k")).isNull();
        }
    }

    @Test
    void anOutputThatBecameTooLargeBehindTheIntakeIsABugThatShowsNoValue() {
        try (Bench bench = new Bench(
                Shop.product(INPUT, BASKETS),
                ports -> ports.publish(
                        BASKETS,
                        ports.read(INPUT).stream().mapValues(basket -> basket(NOON, "secret".repeat(100), "a"))))) {

            Throwable thrown = catchThrowable(() -> bench.pipe(INPUT, "k", basket(NOON, "", "a")));

            Throwable root = Throwables.getRootCause(thrown);
            assertThat(root)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port shop.baskets.v1: a value of ")
                    .hasMessageContaining("is larger than the contract's 400");
            assertThat(Utils.stackTrace(thrown)).doesNotContain("secret");
        }
    }

    @Test
    void anOutputIsStampedWithTheEventTimeOfWhatItHoldsNow() {
        try (Bench bench = new Bench(
                Shop.product(INPUT, BASKETS),
                ports -> ports.publish(
                        BASKETS,
                        ports.read(INPUT).stream().mapValues(basket -> basket(NOON.plusSeconds(60), "", "a"))))) {
            bench.pipe(INPUT, "k", basket(NOON, "", "a"));

            assertThat(bench.records(BASKETS))
                    .extracting(TestRecord::timestamp)
                    .containsExactly(NOON.plusSeconds(60).toEpochMilli());
        }
    }
}
