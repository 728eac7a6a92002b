package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.avro.SchemaResolution;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.RegisteredSchema;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/**
 * For generated pairs of schemas and generated data: where the gate finds no gap, the decoder reads every value, as what it was
 * written; where it finds one, the decoder refuses what runs into it, with that as the reason, and reads the rest. What comes in can
 * be written again. Nothing throws.
 *
 * <p>{@code -Dmesh.seed=N} repeats the pair of a failure.
 */
class GateAndDecoderTest {

    private static final int PAIRS =
            Integer.getInteger("mesh.pairs", Boolean.getBoolean("mesh.long") ? 200_000 : 2_000);
    private static final int VALUES = 12;
    private static final int VALUES_TO_FIND_A_GAP = 200;

    /** Values of the data's type that the reader's type cannot hold: see the documentation of the wire format. */
    private static final List<String> BY_VALUE =
            List.of("does not hold exactly", "is not UTF-8", "is no uuid", "(DateTimeException)", "is no big-decimal");

    @Test
    void whatTheGateLetsInTheDecoderReadsAndTheOtherWayRound() {
        Long seed = Long.getLong("mesh.seed");
        Tally tally = new Tally();
        if (seed != null) {
            pair(seed, tally);
            return;
        }
        long first = new Random().nextLong() >>> 1;
        for (int i = 0; i < PAIRS; i++) {
            pair(first + i, tally);
        }
        System.out.println(tally);
        assertThat(tally.readable).as("readable pairs").isGreaterThan(PAIRS / 10);
        assertThat(tally.gaps).as("pairs with a gap").isGreaterThan(PAIRS / 10);
        assertThat(tally.unseen)
                .as("gaps that no value ran into: types without values")
                .isLessThan(PAIRS / 50);
    }

    private static final class Tally {
        private int readable;
        private int gaps;
        private int unseen;
        private long read;
        private long refused;
        private long byValue;

        @Override
        public String toString() {
            return ("%d readable pairs, %d with a gap (%d of them met by no value); %d values read, %d refused by a gap, "
                            + "%d by their value")
                    .formatted(readable, gaps, unseen, read, refused, byValue);
        }
    }

    private static void pair(long seed, Tally tally) {
        Random random = new Random(seed);
        GeneratedSchemas schemas = new GeneratedSchemas(random);
        ObjectNode json = schemas.writer();
        Schema writer = GeneratedSchemas.parse(json);
        Schema reader = schemas.version(json);
        try {
            judge(reader, writer, random, tally);
        } catch (Exception | AssertionError | StackOverflowError e) {
            fail("repeat with -Dmesh.seed=%d%nreader %s%nwriter %s%n%s".formatted(seed, reader, writer, e), e);
        }
    }

    private static void judge(Schema reader, Schema writer, Random random, Tally tally) {
        List<String> gaps = SchemaResolution.of(reader, writer).gaps();
        assertThat(Compatibility.FULL_TRANSITIVE.broken(reader, new RegisteredSchema(1, 1, writer)))
                .filteredOn(why -> why.startsWith("data of version"))
                .hasSameSizeAs(gaps);
        AvroType<GenericRecord> type = AvroType.generic(reader);
        Projection<GenericRecord> projection = new Projection<>(type, writer, AvroDecoder.MAX_DEPTH);
        boolean met = false;
        for (int i = 0; i < VALUES || (!gaps.isEmpty() && !met && i < VALUES_TO_FIND_A_GAP); i++) {
            met |= value(reader, Datum.of(writer, random, 0), gaps, type, projection, tally);
        }
        tally.readable += gaps.isEmpty() ? 1 : 0;
        tally.gaps += gaps.isEmpty() ? 0 : 1;
        tally.unseen += gaps.isEmpty() || met ? 0 : 1;
    }

    /** Whether the value ran into a gap. */
    private static boolean value(
            Schema reader,
            Datum written,
            List<String> gaps,
            AvroType<GenericRecord> type,
            Projection<GenericRecord> projection,
            Tally tally) {
        Decoded<GenericRecord> decoded = projection.read(Datum.binary(written::write), 0);
        if (decoded instanceof Decoded.Value<GenericRecord> read) {
            tally.read++;
            assertThat(Oracle.difference(reader, read.value(), written, reader.getName()))
                    .isEqualTo(Optional.empty());
            comesBack(type, read.value());
            return false;
        }
        String reason = ((Decoded.Refused<GenericRecord>) decoded).reason();
        if (reason.contains("cannot be read here")) {
            tally.refused++;
            assertThat(gaps).isNotEmpty();
            return true;
        }
        tally.byValue++;
        assertThat(BY_VALUE).as(reason).anyMatch(reason::contains);
        return false;
    }

    private static void comesBack(AvroType<GenericRecord> type, GenericRecord value) {
        byte[] bytes = new AvroEncoder<>(type, 1).encode(value);
        Decoded<GenericRecord> again =
                new Projection<>(type, type.schema(), AvroDecoder.MAX_DEPTH).read(bytes, AvroEncoder.HEADER_LENGTH);
        assertThat(again).isInstanceOf(Decoded.Value.class);
        assertThat(new AvroEncoder<>(type, 1).encode(((Decoded.Value<GenericRecord>) again).value()))
                .isEqualTo(bytes);
    }
}
