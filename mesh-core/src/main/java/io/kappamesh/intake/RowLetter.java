package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.contract.ProductName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Rows of archives that an intake would refuse, as {@link DeadLetter}s: the bytes of the row with headers of their own for file and row, followed
 * by those of every dead letter. The partition is -1, because the row never stood in the topic, and the offset is the row's number. Stateless.
 */
@Internal
public final class RowLetter {
    /** The header that names the file. */
    public static final String FILE = "mesh.ingest.file";

    /** The header with the number of the row in the file, counted from 1. */
    public static final String ROW = "mesh.ingest.row";

    private static final int NO_PARTITION = -1;
    private static final long NO_TIMESTAMP = -1;

    private RowLetter() {}

    /** Where a row comes from, in the place of a record's position. */
    private record RowOrigin(String topic, int partition, long offset) implements RecordMetadata {}

    /**
     * The record for the product's topic of dead letters.
     *
     * @param product that reads the port
     * @param topic of the port
     * @param file where the row is
     * @param row its number
     * @param bytes as they stand in the file
     * @param limit of what the product writes
     */
    public static ProducerRecord<byte[], byte[]> of(
            ProductName product,
            String topic,
            String file,
            long row,
            byte[] bytes,
            RecordTrial.Refusal refusal,
            RecordLimit limit) {
        Headers original = new RecordHeaders();
        original.add(FILE, file.getBytes(StandardCharsets.UTF_8));
        original.add(ROW, Long.toString(row).getBytes(StandardCharsets.UTF_8));
        List<TruncatedPart> cuts = TruncatedPart.of(null, bytes, original, limit.value());
        byte @Nullable [] kept = TruncatedPart.kept(cuts, TruncatedPart.Part.VALUE, bytes);
        return new ProducerRecord<>(
                product.deadLetterTopic(),
                null,
                0L,
                null,
                kept,
                DeadLetter.headers(
                        original,
                        product,
                        new RowOrigin(topic, NO_PARTITION, row),
                        NO_TIMESTAMP,
                        new Rejection(Reason.of(refusal.reason()), refusal.detail(), refusal.broken()),
                        cuts));
    }
}
