package io.kappamesh.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.example.shop.Shop.EVENTS;
import static org.example.shop.Shop.MORE_EVENTS;

import io.kappamesh.fixture.CapturedOutput;
import io.kappamesh.lint.Linter;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import org.example.shop.BrokenTopologies;
import org.example.shop.Shop;
import org.junit.jupiter.api.Test;

/** Kafka Streams was updated, and is not what the linter knows: in tests that is an error, at a start it is told and nothing stops. */
class LintGateOnAnotherStreamsTest {
    private static final String RENAMED = "joined: KStreamKTableJoin has no field gracePeriod of type Optional";
    private static final String VERSIONS =
            "this is Kafka Streams " + AnotherStreams.VERSION + "; the linter was tested with 4.4.0";

    @Test
    void aProductStartsAndTheLogTellsWhatWasNotJudgedAndTheVersions() throws Throwable {
        assertThat(loggedBy(AnotherStreams.withRenamedField("KStreamKTableJoin", "gracePeriod"), "start"))
                .contains("Not judged whether a replay equals live: product shop.")
                .contains(RENAMED, VERSIONS);
    }

    @Test
    void aTestOfTheProductFailsAndSaysTheSame() {
        AnotherStreams streams = AnotherStreams.withRenamedField("KStreamKTableJoin", "gracePeriod");

        assertThatThrownBy(() -> streams.run(Inside.class, "test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(RENAMED, VERSIONS);
    }

    @Test
    void whatCanStillBeSeenIsRefusedAtTheStartToo() {
        AnotherStreams streams = AnotherStreams.withRenamedField("KStreamKTableJoin", "gracePeriod");

        assertThatThrownBy(() -> streams.run(Inside.class, "startBroken"))
                .hasMessageContaining("joins a stream with a table that keeps the latest row only");
    }

    @Test
    void anOperatorThatWasRenamedDoesNotPassUnseen() throws Throwable {
        AnotherStreams streams = AnotherStreams.without("KStreamSlidingWindowAggregate");

        assertThat(loggedBy(streams, "start"))
                .contains("there is no class org.apache.kafka.streams.kstream.internals.KStreamSlidingWindowAggregate");
        assertThatThrownBy(() -> streams.run(Inside.class, "test")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherVersionInWhichEverythingIsInItsPlaceIsToldAndPassesTests() throws Throwable {
        AnotherStreams streams = AnotherStreams.unchanged();

        assertThat(loggedBy(streams, "start")).contains(VERSIONS).doesNotContain("Not judged");
        streams.run(Inside.class, "test");
    }

    @Test
    void ofTheVersionThatTheLinterWasTestedWithNothingIsTold() {
        try (CapturedOutput output = new CapturedOutput()) {
            Inside.start();

            assertThat(output.text()).doesNotContain("the linter was tested with");
        }
    }

    private static String loggedBy(AnotherStreams streams, String method) throws Throwable {
        try (CapturedOutput output = new CapturedOutput()) {
            streams.run(Inside.class, method);
            return output.text();
        }
    }

    /** What is loaded anew. */
    public static final class Inside {
        private Inside() {}

        public static void start() {
            LintGate.require(settings(), List.of(product(BrokenTopologies::joinAsOfTheEventsTime)));
        }

        public static void startBroken() {
            LintGate.require(settings(), List.of(product(BrokenTopologies::joinWithAPlainTable)));
        }

        public static void test() {
            assertThat(Linter.lint(product(BrokenTopologies::joinAsOfTheEventsTime), Map.of()))
                    .isEmpty();
        }

        private static StreamingProduct product(ProductTopology topology) {
            return Shop.product(topology, EVENTS, MORE_EVENTS);
        }

        private static Settings settings() {
            return Settings.of(
                    Map.of("bootstrap.servers", "none.invalid:1", "schema.registry.url", "http://none.invalid"),
                    Map.of());
        }
    }
}
