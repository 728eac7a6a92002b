package io.kappamesh.compare;

import io.kappamesh.Internal;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.generation.Generation;
import io.kappamesh.tables.Latest;
import io.kappamesh.tables.LatestRecords;
import io.kappamesh.tables.PairVisitor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** The records that make one topic say what another one says. Stateless. */
@Internal
public final class Corrections {
    private Corrections() {}

    /**
     * What a public topic has to be told so that it says what the candidate says: its value, or null where it has none. The timestamp is not
     * older than that of what is replaced, be that a value or a deletion, so that no reader takes it for the older one.
     */
    public static ProducerRecord<byte[], byte[]> of(Difference difference, PortAddress port, Generation candidate) {
        Latest was = difference.serving();
        Latest is = difference.candidate();
        long timestamp = newer(was, is);
        Header from = new RecordHeader(
                LatestRecords.CORRECTION_HEADER, candidate.toString().getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(
                port.topic(), difference.partition(), timestamp, difference.key(), Latest.valueOf(is), List.of(from));
    }

    /**
     * Makes a shadow say what a public topic says, to the byte and the timestamp; what says so already is left alone. A deletion is not
     * older than what it deletes.
     */
    public static PairVisitor copy(String to, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        return new PairVisitor() {
            @Override
            public boolean equal() {
                return true;
            }

            @Override
            public void visit(int partition, byte[] key, @Nullable Latest from, @Nullable Latest has) {
                byte[] value = Latest.valueOf(from);
                if (from == null || value == null) {
                    if (Latest.hasValue(has)) {
                        sink.accept(new ProducerRecord<>(to, partition, newer(from, has), key, value));
                    }
                } else if (has == null || from.timestamp() != has.timestamp() || !Arrays.equals(value, has.value())) {
                    sink.accept(new ProducerRecord<>(to, partition, from.timestamp(), key, value));
                }
            }
        };
    }

    /**
     * The same, and more: afterwards each key that is visited and of which the public topic, or the shadow, has a record has one in the shadow that
     * stands at these offsets or behind them.
     *
     * @param since by partition
     */
    public static PairVisitor copySince(
            String to, Map<Integer, Long> since, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        return (partition, key, from, has) -> {
            if (from == null && has == null) {
                return;
            }
            byte[] value = Latest.valueOf(from);
            boolean isThere = has != null && has.offset() >= since.getOrDefault(partition, 0L);
            boolean isSame = value == null
                    ? !Latest.hasValue(has)
                    : has != null
                            && from != null
                            && from.timestamp() == has.timestamp()
                            && Arrays.equals(value, has.value());
            if (!isThere || !isSame) {
                long timestamp = value == null || from == null ? newer(from, has) : from.timestamp();
                sink.accept(new ProducerRecord<>(to, partition, timestamp, key, value));
            }
        };
    }

    /** What a shadow is told of a key of which neither it nor the public topic has a record: a deletion, not older than what the candidate says. */
    public static ProducerRecord<byte[], byte[]> absence(String to, Difference difference) {
        long timestamp = newer(null, difference.candidate());
        return new ProducerRecord<>(to, difference.partition(), timestamp, difference.key(), null, List.of());
    }

    private static long newer(@Nullable Latest one, @Nullable Latest other) {
        return Math.max(one == null ? 0 : one.timestamp(), other == null ? 0 : other.timestamp());
    }
}
