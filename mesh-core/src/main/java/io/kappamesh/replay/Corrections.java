package io.kappamesh.replay;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.control.Generation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** The records that make one topic say what another one says. Stateless. */
final class Corrections {
    private Corrections() {}

    /**
     * What a public topic has to be told so that it says what the candidate says: its value, or null where it has none. The timestamp is not
     * older than that of what is replaced, so that no reader takes it for the older one.
     */
    static ProducerRecord<byte[], byte[]> of(Difference difference, PortAddress port, Generation candidate) {
        Latest was = difference.serving();
        Latest is = difference.candidate();
        long timestamp = Math.max(was == null ? 0 : was.timestamp(), is == null ? 0 : is.timestamp());
        Header from = new RecordHeader(
                LatestRecords.CORRECTION_HEADER, candidate.toString().getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(
                port.topic(),
                difference.partition(),
                timestamp,
                difference.key(),
                is == null ? null : is.value(),
                List.of(from));
    }

    /** Makes a shadow say what a public topic says, to the byte and the timestamp; what says so already is left alone. */
    static PairVisitor copy(String to, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        return (partition, key, from, has) -> {
            if (!same(from, has)) {
                long timestamp = from != null ? from.timestamp() : has != null ? has.timestamp() : 0;
                sink.accept(new ProducerRecord<>(to, partition, timestamp, key, from == null ? null : from.value()));
            }
        };
    }

    private static boolean same(@Nullable Latest one, @Nullable Latest other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.timestamp() == other.timestamp() && Arrays.equals(one.value(), other.value());
    }
}
