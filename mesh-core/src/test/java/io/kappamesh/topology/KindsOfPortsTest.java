package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be read in which way: the compiler knows. */
class KindsOfPortsTest {
    @TempDir
    private Path classes;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ports.read(EVENTS).check(none).stream()",
                "ports.read(EVENTS).becomes(OUTPUT, basket -> basket).stream()",
                "ports.read(EVENTS.allowingLateness(java.time.Duration.ZERO)).stream()",
                "ports.read(EVENTS).table(\"events\")",
                "ports.read(RETRACTABLE).check(none).changes()",
                "ports.read(TABLE).table(\"rows\")",
                "ports.read(OUTPUT).becomes(OUTPUT, basket -> basket).table(\"rows\")",
                "ports.read(OTHERS_TABLE).table(\"rows\")",
                "ports.read(OTHERS_EVENTS).changes()"
            })
    void whatFollowsCorrectionsCompiles(String reading) {
        assertThat(compiled(reading)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ports.read(RETRACTABLE).stream()",
                "ports.read(TABLE).stream()",
                "ports.read(TABLE).check(none).stream()",
                "ports.read(OUTPUT).stream()",
                "ports.read(OTHERS_TABLE).stream()",
                "ports.read(OTHERS_EVENTS).becomes(OUTPUT, basket -> basket).stream()",
                "TABLE.allowingLateness(java.time.Duration.ZERO)",
                "OTHERS_EVENTS.allowingLateness(java.time.Duration.ZERO)"
            })
    void aStreamOfFactsAndLatenessOfWhatCanBeCorrectedDoNotCompile(String reading) {
        assertThat(compiled(reading)).contains("cannot find symbol");
    }

    @Test
    void aNullRetractsAnEventOfASourceThatSaysSo() {
        SourcePort<Basket> source = SourcePort.retractableEvents("shop.returns.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets that may be taken back.")
                .build();
        try (Bench bench = new Bench(
                Shop.product(source, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(source).table("kept").toStream(Named.as("changes"))))) {
            bench.pipe(source, "k1", basket(NOON, "", "a"));
            bench.pipe(source, "k2", basket(NOON, "", "a"));

            bench.pipe(source, Bench.utf8("k1"), null, new RecordHeaders(), 5);

            assertThat(bench.letters()).isEmpty();
            assertThat(bench.driver.getKeyValueStore("kept").get("k1")).isNull();
            assertThat(bench.driver.getKeyValueStore("kept").get("k2")).isNotNull();
            assertThat(bench.records(BASKETS))
                    .extracting(TestRecord::key, TestRecord::value)
                    .last()
                    .satisfies(last -> assertThat(last.toList()).containsExactly("k1", null));
        }
    }

    /** It is kept, other than a row of a table, whose predecessor is compacted away. */
    @Test
    void aRetractableEventThatIsRefusedLeavesTheOneBeforeIt() {
        SourcePort<Basket> source = SourcePort.retractableEvents("shop.returns.v1", Basket.class)
                .eventTime("at")
                .key("note")
                .describedAs("Baskets that may be taken back.")
                .build();
        try (Bench bench = new Bench(
                Shop.product(source, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(source).table("kept").toStream(Named.as("changes"))))) {
            bench.pipe(source, "k1", basket(NOON, "k1", "a"));

            bench.pipe(source, "k1", basket(NOON, "other", "a"));

            assertThat(bench.letters()).extracting(DeadLetter::reason).containsExactly(Reason.KEY);
            assertThat(bench.driver.getKeyValueStore("kept").get("k1")).isNotNull();
        }
    }

    @Test
    void aNullOfAnEventSourceIsRefusedHoweverItIsRead() {
        try (Bench bench = new Bench(
                Shop.product(RAW, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(RAW).changes()))) {
            bench.pipe(RAW, Bench.utf8("k1"), null, new RecordHeaders(), 5);

            assertThat(bench.letters()).extracting(DeadLetter::reason).containsExactly(Reason.NULL_VALUE);
        }
    }

    /** What javac says of a reading; empty = nothing. */
    private String compiled(String reading) {
        String source = """
                import io.kappamesh.contract.*;
                import io.kappamesh.contracts.topologytest.Basket;
                import io.kappamesh.topology.Ports;
                import java.util.Optional;
                import java.util.function.Function;
                class Reads {
                    static final EventSource<Basket> EVENTS = SourcePort.events("a.b.v1", Basket.class).build();
                    static final SourcePort<Basket> RETRACTABLE = SourcePort.retractableEvents("a.b.v1", Basket.class).build();
                    static final SourcePort<Basket> TABLE = SourcePort.table("a.b.v1", Basket.class).build();
                    static final OutputPort<Basket> OUTPUT = OutputPort.table("a.b.v1", Basket.class).build();
                    static final InputPort<Basket> OTHERS_TABLE = InputPort.table("a.b.v1", Basket.class).build();
                    static final InputPort<Basket> OTHERS_EVENTS = InputPort.events("a.b.v1", Basket.class).build();
                    static final Function<Basket, Optional<String>> none = basket -> Optional.empty();
                    Object read(Ports ports) {
                        return %s;
                    }
                }
                """.formatted(reading);
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Reads.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        StringWriter said = new StringWriter();
        boolean compiles = javac.getTask(
                        said,
                        null,
                        null,
                        List.of("-proc:none", "-implicit:none", "-Xlint:none", "-d", classes.toString()),
                        null,
                        List.of(file))
                .call();
        return compiles ? "" : said.toString();
    }
}
