package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.contracts.avrotest.Purchase;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random, mutated and truncated bytes, against generated schemas and a generated class: each is a value that can be written again or a
 * refusal in words, and none takes more memory than its length allows.
 *
 * <p>{@code -Dmesh.seed=N} repeats the inputs of a failure.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class DecoderFuzzTest {

    private static final int INPUTS =
            Integer.getInteger("mesh.inputs", Boolean.getBoolean("mesh.long") ? 4_000_000 : 60_000);
    private static final int INPUTS_PER_SCHEMA = 200;
    /** What items without bytes may take: see {@code BytesDecoder}. */
    private static final long FREE_BYTES = 32L << 20;

    private static final long BYTES_PER_BYTE = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void everyInputIsAValueOrARefusal() {
        Long seed = Long.getLong("mesh.seed");
        if (seed != null) {
            inputs(seed);
            return;
        }
        long first = new Random().nextLong() >>> 1;
        long values = 0;
        for (int i = 0; i < INPUTS / INPUTS_PER_SCHEMA; i++) {
            values += inputs(first + i);
        }
        System.out.printf("%d inputs, %d of them values%n", INPUTS, values);
        assertThat(values).isBetween((long) INPUTS / 1_000, (long) INPUTS * 9 / 10);
    }

    /** How many were values. */
    private static int inputs(long seed) {
        Random random = new Random(seed);
        if (random.nextInt(4) == 0) {
            AvroType<Purchase> type = AvroType.of(Purchase.class);
            byte[] good = new AvroEncoder<>(type, 1).encode(Records.purchase(random.nextInt(1_000)));
            return inputs(
                    seed,
                    random,
                    type,
                    type.schema(),
                    Arrays.copyOfRange(good, AvroEncoder.HEADER_LENGTH, good.length));
        }
        GeneratedSchemas schemas = new GeneratedSchemas(random);
        ObjectNode json = schemas.writer();
        Schema writer = GeneratedSchemas.parse(json);
        return inputs(
                seed,
                random,
                AvroType.generic(schemas.version(json)),
                writer,
                Datum.binary(Datum.of(writer, random, 0)::write));
    }

    private static <T> int inputs(long seed, Random random, AvroType<T> type, Schema writer, byte[] good) {
        Projection<T> projection = new Projection<>(type, writer, AvroDecoder.MAX_DEPTH);
        AvroEncoder<T> encoder = new AvroEncoder<>(type, 1);
        int values = 0;
        for (int i = 0; i < INPUTS_PER_SCHEMA; i++) {
            byte[] input = ByteMutations.of(good, random);
            try {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                Decoded<T> decoded = projection.read(input, 0);
                assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                        .isLessThan(FREE_BYTES + input.length * BYTES_PER_BYTE);
                if (decoded instanceof Decoded.Value<T> value) {
                    values++;
                    assertThat(encoder.encode(value.value())).isNotEmpty();
                    assertThat(value.value()).isInstanceOfAny(GenericRecord.class, SpecificRecord.class);
                } else {
                    assertThat(decoded).isInstanceOf(Decoded.Refused.class);
                }
            } catch (Exception | Error e) {
                fail(
                        "repeat with -Dmesh.seed=%d: input %d, %s%nreader %s%nwriter %s"
                                .formatted(seed, i, Arrays.toString(input), type.schema(), writer),
                        e);
            }
        }
        return values;
    }
}
