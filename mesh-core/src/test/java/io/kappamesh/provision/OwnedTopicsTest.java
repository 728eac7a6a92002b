package io.kappamesh.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.contract.Compression;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.Products;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class OwnedTopicsTest {
    @Test
    void aTableIsCompactedAndKeepsWhatWasOverwrittenForAWhile() {
        TopicSpec spec = OwnedTopics.of(
                Products.table("sales.orders.v1").partitions(3).build().contract());

        assertThat(spec.partitions()).isEqualTo(3);
        assertThat(plain(spec))
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("min.compaction.lag.ms", "3600000")
                .containsEntry("delete.retention.ms", "604800000")
                .containsEntry("segment.bytes", "67108864")
                .containsEntry("segment.ms", "9223372036854775807")
                .containsEntry("message.timestamp.type", "CreateTime")
                .doesNotContainKey("retention.ms");
    }

    @Test
    void eventsAreKeptForEverOrAsLongAsDeclared() {
        TopicSpec forEver = OwnedTopics.of(Products.events("sales.a.v1").build().contract());
        TopicSpec forADay = OwnedTopics.of(Products.events("sales.a.v1")
                .keptFor(Duration.ofDays(1))
                .build()
                .contract());

        assertThat(plain(forEver)).containsEntry("cleanup.policy", "delete").containsEntry("retention.ms", "-1");
        assertThat(plain(forADay)).containsEntry("retention.ms", "86400000").containsEntry("retention.bytes", "-1");
    }

    @Test
    void howBatchesAreCompressedIsTheOperatorsUnlessThePortSaysIt() {
        TopicSpec silent = OwnedTopics.of(Products.table("sales.a.v1").build().contract());
        TopicSpec gzip = OwnedTopics.of(Products.table("sales.a.v1")
                .compression(Compression.GZIP)
                .build()
                .contract());

        assertThat(plain(silent)).doesNotContainKey("compression.type");
        assertThat(plain(gzip)).containsEntry("compression.type", "gzip");
        assertThat(gzip.drift(
                        4,
                        config -> config.equals("compression.type")
                                ? "producer"
                                : plain(gzip).get(config)))
                .singleElement()
                .asString()
                .contains("compression.type must be gzip but is producer");
    }

    @Test
    void theLargestRecordFitsInAndASegmentHoldsIt() {
        TopicSpec small = OwnedTopics.of(
                Products.table("sales.a.v1").maxRecordBytes(10).build().contract());
        TopicSpec large = OwnedTopics.of(
                Products.table("sales.a.v1").maxRecordBytes(60 << 20).build().contract());

        assertThat(plain(small)).containsEntry("max.message.bytes", "1048588");
        assertThat(plain(large))
                .containsEntry("max.message.bytes", "" + ((60 << 20) + (64 << 10)))
                .containsEntry("segment.bytes", "" + (64 << 20));
    }

    @Test
    void deadLettersTakeSomeTimesTheLargestRecordOfAnyPort() {
        OutputPort<GenericRecord> output = Products.table("sales.a.v1").build();
        TopicSpec letters = OwnedTopics.deadLetters(Products.product(
                "sales.a", Products.source("sales.raw.v1").build().asInput(), output));

        assertThat(letters.name()).isEqualTo("sales.a.dead-letters");
        assertThat(letters.partitions()).isEqualTo(1);
        assertThat(plain(letters)).containsEntry("max.message.bytes", "" + (16 << 20));
        assertThat(plain(lettersOf(10 << 20))).containsEntry("max.message.bytes", "" + (40 << 20));
        assertThat(plain(lettersOf(64 << 20)))
                .containsEntry("max.message.bytes", "" + (80 << 20))
                .containsEntry("segment.bytes", "" + (80 << 20));
    }

    private static TopicSpec lettersOf(int largestInput) {
        return OwnedTopics.deadLetters(Products.product(
                "sales.a",
                Products.source("sales.raw.v1")
                        .maxRecordBytes(largestInput)
                        .build()
                        .asInput(),
                Products.table("sales.a.v1").build()));
    }

    @Test
    void moreThanWasPromisedIsNoDriftButAnythingElseIs() {
        TopicSpec spec = OwnedTopics.of(Products.table("sales.a.v1").build().contract());
        Map<String, String> actual = plain(spec);
        actual.put("max.message.bytes", "9999999");
        actual.put("min.insync.replicas", "2");
        assertThat(spec.drift(4, actual::get)).isEmpty();

        actual.put("max.message.bytes", "1000");
        actual.put("cleanup.policy", "delete");
        assertThat(spec.drift(5, actual::get))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("partitions must be 4 but are 5"))
                .anyMatch(problem -> problem.contains("max.message.bytes must be at least 1048588 but is 1000")
                        && problem.contains("kafka-configs.sh --alter --entity-type topics --entity-name sales.a.v1"
                                + " --add-config max.message.bytes=1048588"))
                .anyMatch(problem -> problem.contains("cleanup.policy must be compact but is delete"));
    }

    @Test
    void productsThatContradictEachOtherAboutATopicAreNamed() {
        SourcePort<GenericRecord> two =
                Products.source("sales.raw.v1").partitions(2).build();
        SourcePort<GenericRecord> three =
                Products.source("sales.raw.v1").partitions(3).build();
        OutputPort<GenericRecord> output = Products.table("sales.a.v1").build();
        DataProduct a = Products.product("sales.a", two.asInput(), output);
        DataProduct b = Products.product("sales.b", three.asInput(), output);

        StartupException refused = catchThrowableOfType(StartupException.class, () -> OwnedTopics.ports(List.of(a, b)));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(refused.problems())
                .hasSize(2)
                .anyMatch(problem -> problem.contains("sales.raw.v1: sales.a and sales.b declare it differently"))
                .anyMatch(problem -> problem.contains("sales.a.v1: sales.a and sales.b both own it"));
    }

    private static Map<String, String> plain(TopicSpec spec) {
        Map<String, String> plain = new HashMap<>();
        spec.configs().forEach((config, wanted) -> plain.put(config, wanted.value()));
        return plain;
    }
}
