package io.kappamesh.lifecycle;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.Stall;
import io.kappamesh.fixture.TestMesh;
import io.kappamesh.generation.Role;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Generations of a product on a real broker, while live events flow. Each test has a domain of its own. */
@Timeout(240)
class GenerationsIT {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationsIT.class);
    private static final int SKUS = 40;
    private static final Progress LOGGED = new Progress() {
        @Override
        public void step(String what) {
            LOG.info("step: {}", what);
        }

        @Override
        public void progress(long done, long total) {}
    };

    @RegisterExtension
    static final TestMesh mesh = TestMesh.create();

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void theSameCodeReplayedIsEqualAndIsPromotedAndTakenBackWithoutACorrection() throws Exception {
        Stall stall = new Stall("same");
        ProductName product = ProductName.of("same.totals");
        StreamingProduct totals = stall.totals(stall.raw, UnaryOperator.identity());
        MeshRuntime serving = mesh.run("b1", totals);
        Feed feed = feed(stall);
        MeshRuntime candidate = mesh.replay("b2", totals);
        Lifecycle lifecycle = lifecycle();

        Verification verification = lifecycle.verify(product, OptionalInt.empty(), List.of(), LOGGED);
        LOG.info("{}", verification);
        Promotion promotion = lifecycle.promote(product, OptionalInt.empty(), false, LOGGED);
        LOG.info("{}", promotion);

        assertThat(verification.agrees()).isTrue();
        assertThat(verification.ports()).singleElement().satisfies(port -> {
            assertThat(port.servingKeys()).isEqualTo(SKUS);
            assertThat(port.equal()).isEqualTo(SKUS);
        });
        assertThat(promotion.totalCorrections()).isZero();
        TestMesh.awaitRole(candidate, Role.SERVING);
        TestMesh.awaitRole(serving, Role.CANDIDATE);
        feed.some(500);
        Promotion back = lifecycle.rollback(product, LOGGED);
        LOG.info("{}", back);
        assertThat(back.totalCorrections()).isZero();
        TestMesh.awaitRole(candidate, Role.CANDIDATE);
        TestMesh.awaitRole(serving, Role.SERVING);
        Map<String, Integer> expected = feed.stopped();
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic()))
                                .isEqualTo(expected));
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic() + ".g2"))
                                .isEqualTo(expected));
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void codeThatComputesSomethingElseIsFoundOutAndCorrectedWhereItDiffersAndNowhereElse() throws Exception {
        Stall stall = new Stall("fixed");
        ProductName product = ProductName.of("fixed.totals");
        mesh.run("b1", stall.totals(stall.raw, UnaryOperator.identity()));
        Feed feed = feed(stall);
        mesh.replay("b2", stall.totals(stall.raw, GenerationsIT::doubledIfItEndsInSeven));
        Lifecycle lifecycle = lifecycle();

        Verification found = lifecycle.verify(product, OptionalInt.empty(), List.of(), LOGGED);

        assertThat(found.agrees()).isFalse();
        assertThat(found.ports().get(0).changed()).isEqualTo(4);
        assertThat(found.ports().get(0).fields()).isEqualTo(Map.of("quantity", 4L));
        assertThat(found.ports().get(0).samples())
                .extracting(sample -> sample.key())
                .containsExactlyInAnyOrder("sku-7", "sku-17", "sku-27", "sku-37");
        assertThatThrownBy(() -> lifecycle.promote(product, OptionalInt.empty(), false, LOGGED))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("--expect");
        assertThat(lifecycle
                        .verify(product, OptionalInt.empty(), List.of("changed:quantity"), LOGGED)
                        .agrees())
                .isTrue();

        Promotion promotion = lifecycle.promote(product, OptionalInt.empty(), false, LOGGED);

        assertThat(promotion.totalCorrections()).isEqualTo(4);
        feed.some(200);
        Map<String, Integer> expected = new TreeMap<>(feed.stopped());
        Map<String, Integer> before = Map.copyOf(expected);
        expected.replaceAll((sku, quantity) -> sku.endsWith("7") ? 2 * quantity : quantity);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic()))
                                .isEqualTo(expected));
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(mesh.quantities(stall.totals.address().topic() + ".g1"))
                                .isEqualTo(before));
        assertThat(corrections(stall.totals.address().topic())).hasSize(4);
        assertThat(lifecycle.rollback(product, LOGGED).totalCorrections()).isEqualTo(4);
        assertThat(mesh.quantities(stall.totals.address().topic())).isEqualTo(before);
    }

    @Test
    void aPortThatOnlyWhatServedPublishesKeepsWhatItSaysAndGoesOnCompleteAfterARollback() throws Exception {
        Stall stall = new Stall("removed");
        ProductName product = ProductName.of("removed.both");
        String totals = stall.totals.address().topic();
        mesh.run("b1", stall.both(UnaryOperator.identity()));
        mesh.writePens(stall, 0, 10);
        MeshRuntime candidate = mesh.replay("b2", stall.bothWithoutTotals());
        Lifecycle lifecycle = lifecycle();
        awaitBaskets(stall, "", 10);
        awaitBaskets(stall, ".g2", 10);

        lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);

        TestMesh.awaitRole(candidate, Role.SERVING);
        mesh.writePens(stall, 5, 12);
        awaitBaskets(stall, "", 12);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.quantities(totals + ".g1")).hasSize(12));
        assertThat(mesh.quantities(totals)).as("nobody writes it meanwhile").hasSize(10);
        Promotion back = lifecycle.rollback(product, LOGGED);
        assertThat(back.corrections()).isEqualTo(Map.of(totals, 2L));
        mesh.writePens(stall, 12, 13);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.quantities(totals)).hasSize(13));
        assertThat(mesh.broker().committed(totals)).noneMatch(record -> record.value() == null);
    }

    @Test
    void aPortThatOnlyTheCandidatePublishesIsCompleteAndStaysSoWhenRolesTurnAgain() throws Exception {
        Stall stall = new Stall("added");
        ProductName product = ProductName.of("added.both");
        String totals = stall.totals.address().topic();
        MeshRuntime first = mesh.run("b1", stall.bothWithoutTotals());
        mesh.writePens(stall, 0, 10);
        MeshRuntime candidate = mesh.replay("b2", stall.both(UnaryOperator.identity()));
        Lifecycle lifecycle = lifecycle();
        awaitBaskets(stall, "", 10);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.quantities(totals + ".g2")).hasSize(10));
        lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);
        TestMesh.awaitRole(candidate, Role.SERVING);
        mesh.broker().write(stall.record(mesh.registry(), "b3", basket(NOON.plusSeconds(100), "pen", 33)));
        mesh.writePens(stall, 10, 12);
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.quantities(totals)).hasSize(12));
        Map<String, Integer> served = mesh.quantities(totals);

        lifecycle.rollback(product, LOGGED);

        TestMesh.awaitRole(first, Role.SERVING);
        assertThat(mesh.quantities(totals)).isEqualTo(served).containsEntry("b3", 33);
        Promotion again = lifecycle.promote(product, OptionalInt.of(1), true, LOGGED);
        assertThat(again.isChange()).as("g1 serves already").isFalse();
        assertThat(lifecycle.promote(product, OptionalInt.of(2), true, LOGGED).totalCorrections())
                .as("old values do not come back")
                .isZero();
        assertThat(mesh.quantities(totals)).isEqualTo(served);
    }

    /** Baskets say how far back they look, totals do not: a candidate that has seen half of the history corrects what it can know. */
    @Test
    void whatACandidateCannotHaveSeenIsLeftAloneAndNothingOfItIsDeleted() throws Exception {
        Stall stall = new Stall("lost");
        ProductName product = ProductName.of("lost.both");
        String baskets = stall.baskets.address().topic();
        String totals = stall.totals.address().topic();
        MeshRuntime serving = mesh.run("b1", stall.both(UnaryOperator.identity()));
        mesh.writePens(stall, 0, 10);
        awaitBaskets(stall, "", 10);
        mesh.broker()
                .admin()
                .deleteRecords(mesh.broker().committedEnds(stall.raw.address().topic()).entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, end -> RecordsToDelete.beforeOffset(end.getValue()))))
                .all()
                .get();
        mesh.writePens(stall, 3, 4);
        MeshRuntime candidate = mesh.replay("b2", stall.bothWithNotes("noted"));
        Lifecycle lifecycle = lifecycle();
        Instant later = Instant.now().plusSeconds(3600);
        mesh.broker().write(stall.record(mesh.registry(), "new", basket(later, "pen", 1)));
        awaitBaskets(stall, "", 11);
        awaitBaskets(stall, ".g2", 2);

        Promotion promotion = lifecycle.promote(product, OptionalInt.empty(), true, LOGGED);

        TestMesh.awaitRole(candidate, Role.SERVING);
        assertThat(promotion.corrections()).isEqualTo(Map.of(baskets, 1L));
        assertThat(corrections(baskets))
                .singleElement()
                .satisfies(record -> assertThat(new String(record.key(), StandardCharsets.UTF_8))
                        .isEqualTo("new"));
        assertThat(corrections(totals)).isEmpty();
        // begin horizon
        assertThat(promotion.beyondHorizon()).isEqualTo(Map.of(baskets, 10L, totals, 11L));
        Verification back = lifecycle.verify(product, OptionalInt.of(1), List.of(), LOGGED);
        assertThat(back.ports())
                .allSatisfy(port -> assertThat(port.horizon())
                        .as("of one that has served, and goes on complete")
                        .isNull());
        // end horizon
        Promotion rollback = lifecycle.rollback(product, LOGGED);
        TestMesh.awaitRole(serving, Role.SERVING);
        assertThat(rollback.corrections()).isEqualTo(Map.of(baskets, 1L));
        assertThat(corrections(baskets)).hasSize(2).noneMatch(record -> record.value() == null);
    }

    /** A correction that the topic does not take: the brokers said so, and so nobody has to wait until it is known. */
    @Test
    void whoCannotWriteTheCorrectionsLetsBothGoOnAtOnce() throws Exception {
        Stall stall = new Stall("refused");
        ProductName product = ProductName.of("refused.totals");
        String totals = stall.totals.address().topic();
        MeshRuntime serving = mesh.run("b1", stall.totals(stall.raw, UnaryOperator.identity()));
        mesh.broker().write(stall.record(mesh.registry(), "b7", basket(NOON, "sku-7", 1)));
        MeshRuntime candidate = mesh.replay("b2", stall.totals(stall.raw, GenerationsIT::doubledIfItEndsInSeven));
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.quantities(totals)).hasSize(1));
        Lifecycle lifecycle = lifecycle();
        configure(totals, "max.message.bytes", "80");

        assertThatThrownBy(() -> lifecycle.promote(product, OptionalInt.empty(), true, LOGGED))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("larger than");

        assertThat(ControlSnapshot.read(
                                List.of(product), mesh.settings("operator").client())
                        .lifecycle(product)
                        .orElseThrow()
                        .cut())
                .isNull();
        configure(totals, "max.message.bytes", "1048588");
        mesh.broker().write(stall.record(mesh.registry(), "b8", basket(NOON, "sku-8", 1)));
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.quantities(totals)).isEqualTo(Map.of("sku-7", 1, "sku-8", 1)));
        TestMesh.awaitRole(serving, Role.SERVING);
        TestMesh.awaitRole(candidate, Role.CANDIDATE);
    }

    private static void configure(String topic, String name, String value) throws Exception {
        mesh.broker()
                .admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static void awaitBaskets(Stall stall, String shadow, int many) {
        String topic = stall.baskets.address().topic() + shadow;
        await().atMost(TestMesh.TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.broker().committed(topic).stream()
                                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                                .distinct())
                        .hasSize(many));
    }

    private Lifecycle lifecycle() {
        return mesh.closeAfterwards(Lifecycle.connect(mesh.settings("operator")));
    }

    private static BasketItem doubledIfItEndsInSeven(BasketItem item) {
        return item.getSku().endsWith("7") ? new BasketItem(item.getAt(), item.getSku(), 2 * item.getQuantity()) : item;
    }

    /** Live events, without an end until it is stopped. */
    private static final class Feed implements AutoCloseable {
        private final Stall stall;
        private final Map<String, Integer> written = new TreeMap<>();
        private final Thread writer = new Thread(this::write, "feed");
        private final AtomicLong count = new AtomicLong();
        private volatile boolean stopped;

        Feed(Stall stall) {
            this.stall = stall;
        }

        private void write() {
            for (int i = 0; !stopped; i++) {
                String sku = "sku-" + i % SKUS;
                mesh.broker().write(stall.record(mesh.registry(), "b" + i, basket(NOON.plusSeconds(i), sku, i % 7)));
                written.merge(sku, i % 7, Integer::sum);
                count.incrementAndGet();
            }
        }

        void some(long more) {
            long from = count.get();
            await().atMost(TestMesh.TIMEOUT).until(() -> count.get() >= from + more);
        }

        Map<String, Integer> stopped() {
            stopped = true;
            await().until(() -> !writer.isAlive());
            return written;
        }

        @Override
        public void close() {
            stopped();
        }
    }

    private Feed feed(Stall stall) {
        Feed feed = new Feed(stall);
        mesh.closeAfterwards(feed);
        feed.writer.start();
        feed.some(1_000);
        return feed;
    }

    private static List<ConsumerRecord<byte[], byte[]>> corrections(String topic) {
        return mesh.broker().committed(topic).stream()
                .filter(record -> record.headers().lastHeader("mesh-generation") != null)
                .toList();
    }
}
