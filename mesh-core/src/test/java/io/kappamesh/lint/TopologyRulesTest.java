package io.kappamesh.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.example.shop.Shop.EVENTS;
import static org.example.shop.Shop.FACTS;
import static org.example.shop.Shop.MORE_EVENTS;
import static org.example.shop.Shop.RETURNS;
import static org.example.shop.Shop.ROWS;
import static org.example.shop.Shop.TABLE;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kappamesh.contract.ReadablePort;
import io.kappamesh.topology.AssembledProduct;
import io.kappamesh.topology.ProductTopology;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.GlobalKTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.example.shop.BrokenTopologies;
import org.example.shop.Shop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyRulesTest {

    static Stream<Arguments> broken() {
        return Stream.of(
                wired(
                        Rule.STREAM_TABLE_JOIN,
                        "joined",
                        "keeps the latest row only (table)",
                        BrokenTopologies::joinWithAPlainTable,
                        EVENTS,
                        MORE_EVENTS),
                wired(
                        Rule.CORRECTED_INPUT,
                        "as-of-versions",
                        "from the port of another product, which can be corrected (mall.baskets.v1)",
                        BrokenTopologies::asOfWithTheTableOfAnother,
                        EVENTS,
                        TABLE),
                wired(
                        Rule.CORRECTED_INPUT,
                        "first-first",
                        "takes for final what comes from a source whose events can be retracted (shop.returns.v1)",
                        BrokenTopologies::firstOfRetractableEvents,
                        RETURNS),
                wired(
                        Rule.CORRECTED_INPUT,
                        "count",
                        "a source whose events can be retracted, of which nothing is taken back (shop.returns.v1)",
                        BrokenTopologies::countOfRetractableEvents,
                        RETURNS),
                wired(
                        Rule.STREAM_TABLE_JOIN,
                        "joined",
                        "over a source whose events can be retracted (shop.returns.v1)",
                        BrokenTopologies::joinWithRetractableEvents,
                        EVENTS,
                        RETURNS),
                wired(
                        Rule.CORRECTED_INPUT,
                        "count",
                        "of which nothing is taken back when it is corrected (mall.baskets.v1)",
                        BrokenTopologies::countOfAnother,
                        TABLE),
                wired(
                        Rule.CORRECTED_INPUT,
                        "count",
                        "of which nothing is taken back when it is corrected (mall.baskets.v1)",
                        BrokenTopologies::countOfRowsOfAnother,
                        TABLE),
                wired(
                        Rule.CORRECTED_INPUT,
                        "count",
                        "the changes of a table, of which compaction keeps the latest only (shop.rows.v1)",
                        BrokenTopologies::countOfRows,
                        ROWS),
                wired(
                        Rule.CORRECTED_INPUT,
                        "joined",
                        "of which nothing is taken back when it is corrected (mall.facts.v1)",
                        BrokenTopologies::changesJoinedWithATable,
                        FACTS,
                        MORE_EVENTS),
                wired(
                        Rule.STREAM_TABLE_JOIN,
                        "joined",
                        "over the port of another product, which can be corrected (mall.facts.v1)",
                        BrokenTopologies::joinWithFactsOfAnother,
                        EVENTS,
                        FACTS),
                wired(
                        Rule.CORRECTED_INPUT,
                        "both",
                        "of which nothing is taken back when it is corrected (mall.baskets.v1)",
                        BrokenTopologies::streamJoinedWithAnother,
                        EVENTS,
                        TABLE),
                wired(
                        Rule.STREAM_TABLE_JOIN,
                        "joined",
                        "without a grace",
                        BrokenTopologies::joinWithoutGrace,
                        EVENTS,
                        MORE_EVENTS),
                wired(
                        Rule.STREAM_TABLE_JOIN,
                        "joined",
                        "over a table port, whose earlier rows compaction takes away (mall.baskets.v1)",
                        BrokenTopologies::joinWithACompactedInput,
                        EVENTS,
                        TABLE),
                wired(
                        Rule.STREAM_TABLE_JOIN,
                        "joined",
                        "(mall.baskets.v1)",
                        BrokenTopologies::joinWithACompactedInputFarAway,
                        EVENTS,
                        TABLE),
                wired(Rule.CLOSING_WINDOW, "count", "a grace of PT24H", BrokenTopologies::windows, EVENTS),
                wired(Rule.CLOSING_WINDOW, "count", "states no grace", BrokenTopologies::windowsWithoutGrace, EVENTS),
                wired(Rule.CLOSING_WINDOW, "count", "a grace of PT24H", BrokenTopologies::sessions, EVENTS),
                wired(Rule.CLOSING_WINDOW, "count", "a grace of PT24H", BrokenTopologies::sliding, EVENTS),
                wired(
                        Rule.CLOSING_WINDOW,
                        "both",
                        "a grace of PT24H",
                        BrokenTopologies::streamsJoined,
                        EVENTS,
                        MORE_EVENTS),
                wired(
                        Rule.CLOSING_WINDOW,
                        "both",
                        "states no grace",
                        BrokenTopologies::streamsJoinedWithoutGrace,
                        EVENTS,
                        MORE_EVENTS),
                wired(
                        Rule.EMIT_ON_CLOSE,
                        "count",
                        "emits when its windows close",
                        BrokenTopologies::emittedOnClose,
                        EVENTS),
                wired(Rule.EMIT_ON_CLOSE, "once", "suppresses", BrokenTopologies::suppressedUntilClosed, EVENTS),
                wired(Rule.EMIT_ON_CLOSE, "later", "suppresses", BrokenTopologies::suppressedForATime, EVENTS),
                wired(
                        Rule.UNNAMED_STATE,
                        "KSTREAM-TOTABLE-STATE-STORE-0000000004",
                        "is a store with a generated name",
                        BrokenTopologies::unnamedTable,
                        EVENTS),
                wired(
                        Rule.UNNAMED_STATE,
                        "KSTREAM-REPARTITION-0000000004-repartition",
                        "is a repartition with a generated name",
                        BrokenTopologies::unnamedRepartition,
                        EVENTS));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("broken")
    void anOperatorThatBreaksAReplayIsFound(
            Rule rule, String where, String what, ProductTopology topology, ReadablePort<?>[] inputs) {
        assertThat(lint(topology, inputs)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.where()).isEqualTo(where);
            assertThat(finding.what()).contains(what);
        });
    }

    static Stream<Arguments> sound() {
        return Stream.of(
                sound("an as-of join of Kafka Streams", BrokenTopologies::joinAsOfTheEventsTime, EVENTS, MORE_EVENTS),
                sound("an as-of join that converges", BrokenTopologies::asOfWithASource, EVENTS, MORE_EVENTS),
                sound("a count of what a table holds", BrokenTopologies::tableOfAnother, TABLE),
                sound("a join of tables", BrokenTopologies::joinOfTables, EVENTS, TABLE),
                sound("windows that stay open", BrokenTopologies::openWindows, EVENTS),
                sound("windows without an end", BrokenTopologies::endlessWindows, EVENTS),
                sound("sessions that stay open", BrokenTopologies::openSessions, EVENTS),
                sound("sliding windows that stay open", BrokenTopologies::openSliding, EVENTS),
                sound("streams joined forever", BrokenTopologies::streamsJoinedForEver, EVENTS, MORE_EVENTS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void itsCorrectTwinPasses(String name, ProductTopology topology, ReadablePort<?>[] inputs) {
        assertThat(lint(topology, inputs)).as(name).isEmpty();
    }

    /** Ports give no way to one, so that it is judged without them. */
    @Test
    void aJoinWithAGlobalTableAndItsStoreAreFound() {
        TopologyProbe.Seen seen = new TopologyProbe.Seen();
        Map<String, Object> config = TopologyProbe.configured(
                Map.of(StreamsConfig.APPLICATION_ID_CONFIG, "a", StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1"),
                seen);
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config)));
        Consumed<String, String> strings = Consumed.with(Serdes.String(), Serdes.String());
        GlobalKTable<String, String> global = builder.globalTable("everywhere", strings, Materialized.as("everything"));
        builder.stream("in", strings)
                .join(global, (key, value) -> key, (one, other) -> one, Named.as("joined"))
                .to("out");
        Topology topology = builder.build();

        List<Finding> findings = new TopologyRules(
                        Shop.declared(EVENTS).build(), new AssembledProduct(topology, List.of(), Set.of()), seen)
                .findings();

        assertThat(findings)
                .extracting(Finding::rule, Finding::where)
                .containsExactlyInAnyOrder(tuple(Rule.GLOBAL_TABLE, "everything"), tuple(Rule.GLOBAL_TABLE, "joined"));
    }

    @Test
    void aTaskThatDoesNotWaitForItsInputsIsFound() {
        ProductTopology topology = BrokenTopologies::openWindows;

        assertThat(Linter.lint(Shop.product(topology, EVENTS), Map.of("max.task.idle.ms", "-1")))
                .extracting(Finding::rule, Finding::where)
                .containsExactly(tuple(Rule.TASK_IDLE, "max.task.idle.ms"));
        assertThat(Linter.lint(Shop.product(topology, EVENTS), Map.of("max.task.idle.ms", 0L)))
                .isEmpty();
    }

    /** Refuses to wrap anything, so that a test sees that it was asked. */
    public static final class Refusing implements ProcessorWrapper {
        @Override
        public <KIn, VIn, KOut, VOut> WrappedProcessorSupplier<KIn, VIn, KOut, VOut> wrapProcessorSupplier(
                String name, ProcessorSupplier<KIn, VIn, KOut, VOut> supplier) {
            throw new UnsupportedOperationException("was asked");
        }

        @Override
        public <KIn, VIn, VOut> WrappedFixedKeyProcessorSupplier<KIn, VIn, VOut> wrapFixedKeyProcessorSupplier(
                String name, FixedKeyProcessorSupplier<KIn, VIn, VOut> supplier) {
            throw new UnsupportedOperationException("was asked");
        }
    }

    @Test
    void aWrapperOfTheProductsOwnIsAskedToo() {
        ProductTopology topology = BrokenTopologies::openWindows;
        Map<String, Object> config = Map.of(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, Refusing.class.getName());

        assertThatThrownBy(() -> Linter.lint(Shop.product(topology, EVENTS), config))
                .hasMessage("was asked");
    }

    private static Arguments wired(
            Rule rule, String where, String what, ProductTopology topology, ReadablePort<?>... inputs) {
        return arguments(rule, where, what, topology, inputs);
    }

    private static Arguments sound(String name, ProductTopology topology, ReadablePort<?>... inputs) {
        return arguments(name, topology, inputs);
    }

    private static List<Finding> lint(ProductTopology topology, ReadablePort<?>... inputs) {
        return Linter.lint(Shop.product(topology, inputs), Map.of());
    }
}
