package io.kappamesh.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class KeyFilterTest {
    private static final long PLENTY = 64L * 1024 * 1024;

    private final KeyFilterMemory memory = new KeyFilterMemory(PLENTY);
    private final KeyFilter filter = new KeyFilter(memory);

    /** So many that it grows twice. */
    @Test
    void noKeyThatWasAddedIsLackingAndFewOthersArePassed() {
        List<byte[]> added = keys("order-").limit(300_000).toList();
        added.forEach(filter::add);

        assertThat(added).noneMatch(filter::lacks);
        assertThat(passed(keys("other-"))).isBetween(1L, 100L);
    }

    /** Kafka chooses the partition by the same hash, so all keys of a task have its remainder in common. */
    @Test
    void keysOfOnePartitionAreToldApartToo() {
        keys("order-").filter(KeyFilterTest::isOfPartition).limit(100_000).forEach(filter::add);

        assertThat(passed(keys("other-").filter(KeyFilterTest::isOfPartition))).isBetween(1L, 100L);
    }

    private static boolean isOfPartition(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % 12 == 3;
    }

    /** Numbers that differ in few bits, as ids in binary do. */
    @Test
    void shortBinaryKeysAreToldApartToo() {
        IntStream.range(0, 100_000).mapToObj(KeyFilterTest::binary).forEach(filter::add);

        assertThat(passed(IntStream.iterate(1_000_000, id -> id + 1).mapToObj(KeyFilterTest::binary)))
                .isBetween(0L, 100L);
    }

    private static byte[] binary(int id) {
        return new byte[] {(byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id};
    }

    @Test
    void lacksEverythingAndTakesNothingAtFirst() {
        assertThat(filter.lacks("a".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(memory.left()).isEqualTo(PLENTY);
    }

    @Test
    void aKeyThatComesAgainTakesNoMoreRoom() {
        KeyFilterMemory little = new KeyFilterMemory(16 * 1024);
        KeyFilter small = new KeyFilter(little);
        byte[] key = "a".getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i < 100_000; i++) {
            assertThat(small.add(key)).isTrue();
        }
    }

    @Test
    void saysWhenThereIsNoRoomForOneMoreAndGivesBackWhatItTook() {
        KeyFilterMemory little = new KeyFilterMemory(20 * 1024);
        KeyFilter small = new KeyFilter(little);

        long held = keys("order-").takeWhile(small::add).count();

        assertThat(held).isBetween(8_000L, 8_500L);
        assertThat(little.left()).isEqualTo(4 * 1024);
        small.close();
        small.close();
        assertThat(little.left()).isEqualTo(20 * 1024);
    }

    /** Of ten thousand keys that were not added. */
    private long passed(Stream<byte[]> others) {
        return others.limit(10_000).filter(key -> !filter.lacks(key)).count();
    }

    private static Stream<byte[]> keys(String prefix) {
        return IntStream.iterate(0, id -> id + 1).mapToObj(id -> (prefix + id).getBytes(StandardCharsets.UTF_8));
    }
}
