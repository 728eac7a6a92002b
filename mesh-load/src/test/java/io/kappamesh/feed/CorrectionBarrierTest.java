package io.kappamesh.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.tables.LatestRecords;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class CorrectionBarrierTest {
    private final Topic topic = new Topic();
    private final CorrectionBarrier barrier = new CorrectionBarrier(topic);

    /** Two partitions whose ends a test says. */
    private static final class Topic implements CorrectionBarrier.Ends {
        private Map<Integer, Long> committed = Map.of();
        private Map<Integer, Long> written = Map.of();
        private int asked;

        void isAt(long committed0, long committed1, long written0, long written1) {
            committed = Map.of(0, committed0, 1, committed1);
            written = Map.of(0, written0, 1, written1);
        }

        @Override
        public Map<Integer, Long> committed() {
            return committed;
        }

        @Override
        public Map<Integer, Long> written() {
            asked++;
            return written;
        }
    }

    @Test
    void nothingIsWaitedForWithoutCorrections() throws Exception {
        topic.isAt(10, 10, 10, 10);

        barrier.meet(new ConsumerRecord<>("t", 0, 3, new byte[0], new byte[0]));

        assertThat(barrier.isPassed(at(4, 0))).isTrue();
    }

    @Test
    void promotionIsPassedWhereThePartitionsEndedWhenItCouldBeRead() throws Exception {
        topic.isAt(20, 20, 20, 20);

        barrier.meet(correction(0, 3));
        barrier.meet(correction(0, 4));

        assertThat(barrier.isPassed(at(20, 19))).isFalse();
        assertThat(barrier.isPassed(at(20, 20))).isTrue();
        assertThat(topic.asked).isEqualTo(1);
    }

    @Test
    void promotionThatWasOpenWhenTheFirstOneWasReadIsWaitedForAsAWhole() throws Exception {
        // The first one is over at 10 and 10, the second one has written to partition 0 only so far.
        topic.isAt(10, 10, 15, 10);
        barrier.meet(correction(0, 3));
        barrier.meet(correction(1, 3));
        // By the time that its first record can be read it has written to partition 1 as well.
        topic.isAt(16, 21, 16, 21);

        barrier.meet(correction(0, 12));

        assertThat(barrier.isPassed(at(15, 10))).isFalse();
        assertThat(barrier.isPassed(at(16, 20))).isFalse();
        assertThat(barrier.isPassed(at(16, 21))).isTrue();
    }

    private static Map<Integer, Long> at(long zero, long one) {
        Map<Integer, Long> positions = new HashMap<>();
        positions.put(0, zero);
        positions.put(1, one);
        return positions;
    }

    private static ConsumerRecord<byte[], byte[]> correction(int partition, long offset) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", partition, offset, new byte[0], new byte[0]);
        record.headers().add(LatestRecords.CORRECTION_HEADER, new byte[0]);
        return record;
    }
}
