package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.FOREIGN;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.base.Throwables;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Ports whose records have their note for a key. */
class KeyedPortsTest {

    @Test
    void aFactUnderAnotherKeyThanItsOwnIsADeadLetter() {
        EventSource<Basket> source = events().key("note").build();
        try (Bench bench = new Bench(
                Shop.product(source, BASKETS), ports -> ports.publish(BASKETS, ports.read(source).stream()))) {
            bench.pipe(source, "k1", basket(NOON, "k1", "a"));
            bench.pipe(source, "k2", basket(NOON, "k1", "a"));

            assertThat(bench.records(BASKETS)).extracting(TestRecord::key).containsExactly("k1");
            assertThat(bench.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.KEY);
                assertThat(letter.detail()).isEqualTo("the key is not note, which the port declares as its key");
                assertThat(letter.key()).isEqualTo(Bench.utf8("k2"));
            });
        }
    }

    @Test
    void aRowUnderAnotherKeyDeletesTheKeyUnderWhichItCame() {
        SourcePort<Basket> source = table().key("the note", Basket::getNote).build();
        try (Bench bench = new Bench(
                Shop.product(source, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(source).table("rows").toStream(Named.as("changes"))))) {
            bench.pipe(source, "k1", basket(NOON, "k1", "a"));
            bench.pipe(source, "k2", basket(NOON, "k2", "a"));

            bench.pipe(source, "k2", basket(NOON, "k1", "b"));

            assertThat(bench.letters())
                    .extracting(DeadLetter::detail)
                    .containsExactly("the key is not the note, which the port declares as its key");
            assertThat(bench.driver.getKeyValueStore("rows").get("k1")).isEqualTo(basket(NOON, "k1", "a"));
            assertThat(bench.driver.getKeyValueStore("rows").get("k2")).isNull();
        }
    }

    @Test
    void aRecordWhoseRuleGivesNoKeyIsADeadLetter() {
        EventSource<Basket> source = events().key("nothing", basket -> null).build();
        try (Bench bench = new Bench(
                Shop.product(source, BASKETS), ports -> ports.publish(BASKETS, ports.read(source).stream()))) {
            bench.pipe(source, "k1", basket(NOON, "k1", "a"));

            assertThat(bench.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.KEY);
                assertThat(letter.detail()).isEqualTo("the record has no nothing to be its key");
            });
        }
    }

    @Test
    void theRuleIsAboutWhatArrivesAndNotAboutWhatItBecomes() {
        EventSource<Basket> source = events().key("note").build();
        try (Bench bench = new Bench(
                Shop.product(source, BASKETS),
                ports -> ports.publish(
                        BASKETS, ports.read(source).becomes(BASKETS, basket -> basket(NOON, "other", "a")).stream()))) {
            bench.pipe(source, "k1", basket(NOON, "k1", "a"));

            assertThat(bench.records(BASKETS)).extracting(TestRecord::key).containsExactly("k1");
        }
    }

    @Test
    void publishingUnderAnotherKeyIsABugThatShowsNoValue() {
        OutputPort<Basket> output = OutputPort.table("shop.keyed.v1", Basket.class)
                .eventTime("at")
                .key("note")
                .describedAs("Baskets by note.")
                .build();
        try (Bench bench = new Bench(
                Shop.product(FOREIGN, output),
                ports -> ports.publish(output, ports.read(FOREIGN).changes()))) {
            bench.pipe(FOREIGN, "right", basket(NOON, "right", "a"));
            bench.pipe(FOREIGN, Bench.utf8("right"), null, new RecordHeaders(), 9);
            assertThat(bench.records(output)).hasSize(2);

            Throwable thrown = catchThrowable(() -> bench.pipe(FOREIGN, "wrong", basket(NOON, "secret", "a")));

            assertThat(Throwables.getRootCause(thrown))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "port shop.keyed.v1: a record's key is not note, which the port declares in key(…); publish it"
                                    + " under that key, or declare key(…) on the input port that leads to it");
            assertThat(Utils.stackTrace(thrown)).doesNotContain("secret");
        }
    }

    private static PortBuilder<Basket, EventSource<Basket>> events() {
        return SourcePort.events("shop.keyed-events.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets by note.");
    }

    private static PortBuilder<Basket, SourcePort<Basket>> table() {
        return SourcePort.table("shop.keyed-rows.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets by note.");
    }
}
