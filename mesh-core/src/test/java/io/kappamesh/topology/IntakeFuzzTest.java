package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.serde.ByteMutations;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random, mutated and truncated records through a whole product: each becomes an output or a dead letter, whole and in its order, and
 * nothing ends the product. {@code -Dmesh.seed=N} repeats the inputs of a failure.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class IntakeFuzzTest {
    private static final int INPUTS =
            Integer.getInteger("mesh.inputs", Boolean.getBoolean("mesh.long") ? 1_000_000 : 10_000);
    private static final int AT_ONCE = 500;
    private static final EventSource<Basket> INPUT = RAW;

    @Test
    void everyRecordIsAnOutputOrADeadLetter() {
        Long seed = Long.getLong("mesh.seed");
        long first = seed == null ? new Random().nextLong() >>> 1 : seed;
        int rounds = seed == null ? INPUTS / AT_ONCE : 1;
        int letters = 0;
        try (Bench bench = new Bench(
                Shop.product(INPUT, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(INPUT).becomes(BASKETS, basket -> basket).stream()))) {
            byte[] good = bench.bytes(INPUT, basket(NOON, "good", "a", "b"));
            for (int i = 0; i < rounds; i++) {
                letters += inputs(bench, good, first + i);
            }
        }
        assertThat(letters).isBetween(1, rounds * AT_ONCE - 1);
    }

    /** How many became dead letters. */
    private static int inputs(Bench bench, byte[] good, long seed) {
        Random random = new Random(seed);
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                byte[] value = random.nextInt(50) == 0 ? null : ByteMutations.of(good, random);
                bench.pipe(
                        INPUT,
                        key(random),
                        value,
                        new RecordHeaders(),
                        random.nextInt(10) == 0 ? 0 : random.nextLong() >>> 1);
            }
            int letters = bench.rawLetters().size();
            assertThat(bench.records(BASKETS)).hasSize(AT_ONCE - letters);
            return letters;
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            return fail("repeat with -Dmesh.seed=" + seed, e);
        }
    }

    private static byte[] key(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 ->
                ByteBuffer.allocate(Long.BYTES).putLong(random.nextInt(1_000)).array();
            case 2 -> ByteMutations.of(Arrays.copyOf(Bench.utf8("k1"), 2), random);
            default -> Bench.utf8("k" + random.nextInt(10));
        };
    }
}
