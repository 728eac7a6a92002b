package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.evolution.Breach;
import io.kappamesh.evolution.ConsumerGate;
import io.kappamesh.evolution.ReleaseGate;
import io.kappamesh.evolution.ReleasedPort;
import io.kappamesh.fixture.SchemaChanges;
import io.kappamesh.fixture.SchemaChanges.Change;
import io.kappamesh.fixture.SchemaChanges.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict of builds on each change of the catalogue, and what the decoder then does with bytes. */
class SchemaChangesTest {
    private static final int VALUES = 200;

    static List<Change> changes() {
        return SchemaChanges.all();
    }

    @Test
    void thereAreEnoughOfThemAndEachHasItsName() {
        assertThat(changes()).hasSizeGreaterThan(60);
        assertThat(changes()).extracting(Change::name).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void theBuildNamesFieldRuleBothVersionsAndTheWayOut(Change change) {
        List<Breach> breaches =
                ReleaseGate.breaches(List.of(new ReleasedPort("release 1", change.before())), change.after());

        assertThat(breaches.stream().map(SchemaChangesTest::named).toList())
                .containsExactlyInAnyOrderElementsOf(Stream.of(change.newReader(), change.oldReader(), change.terms())
                        .flatMap(List::stream)
                        .toList());
        assertThat(breaches).allSatisfy(breach -> {
            assertThat(breach.message())
                    .contains(
                            "port shop.orders.v1",
                            "release 1",
                            "what is declared now",
                            breach.rule(),
                            "shop.orders.v2");
            assertThat(breach.remedy()).isNotBlank();
        });
        assertThat(breaches.stream()
                        .filter(breach -> breach.what().startsWith("data of release 1"))
                        .map(SchemaChangesTest::named))
                .containsExactlyInAnyOrderElementsOf(change.newReader());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void theBuildNamesTheConsumerAndWhatBreaksForIt(Change change) {
        for (Need need : change.needs()) {
            List<Breach> breaches =
                    new ConsumerGate("reader.sums", need.input()).breaches(change.before(), change.after());

            assertThat(breaches.stream().map(SchemaChangesTest::named))
                    .as(String.valueOf(need.schema()))
                    .containsExactlyInAnyOrderElementsOf(need.breaks());
            assertThat(breaches)
                    .allSatisfy(breach -> assertThat(breach.message()).contains("read by reader.sums"));
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void theDecoderDoesWhatTheGateSays(Change change) {
        decodes(change.schemaAfter(), change.schemaBefore(), change.newReader(), change.byValue());
        decodes(change.schemaBefore(), change.schemaAfter(), change.oldReader(), change.byValue());
        for (Need need : change.needs()) {
            List<String> ofSchema =
                    need.breaks().stream().filter(one -> one.contains(" ")).toList();
            decodes(need.schema(), change.schemaAfter(), ofSchema, need.byValue());
        }
    }

    private static void decodes(Schema reader, Schema writer, List<String> breaks, boolean byValue) {
        Random random = new Random(1);
        Projection<GenericRecord> projection =
                new Projection<>(AvroType.generic(reader), writer, AvroDecoder.MAX_DEPTH);
        List<String> refusals = new ArrayList<>();
        for (int i = 0; i < VALUES; i++) {
            Datum written = Datum.of(writer, random, 0);
            Decoded<GenericRecord> decoded = projection.read(Datum.binary(written::write), 0);
            if (decoded instanceof Decoded.Value<GenericRecord> value) {
                assertThat(Oracle.difference(reader, value.value(), written, reader.getName()))
                        .isEqualTo(Optional.empty());
            } else {
                refusals.add(((Decoded.Refused<GenericRecord>) decoded).reason());
            }
        }
        String pair = "reader %s, writer %s".formatted(reader, writer);
        if (breaks.isEmpty() && !byValue) {
            assertThat(refusals).as(pair).isEmpty();
        } else if (breaks.isEmpty()) {
            assertThat(refusals).as(pair).noneMatch(reason -> reason.contains("cannot be read here"));
        } else {
            assertThat(refusals)
                    .as(pair)
                    .isNotEmpty()
                    .allSatisfy(reason -> assertThat(breaks)
                            .allSatisfy(one -> assertThat(reason).contains(one.substring(one.indexOf(' ') + 1))));
        }
    }

    private static String named(Breach breach) {
        return breach.field() == null ? breach.rule() : breach.rule() + " " + breach.field();
    }
}
