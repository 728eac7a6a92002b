package io.kappamesh.intake;

import io.kappamesh.contract.ProductName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A refused record as it is kept in {@code <product>.dead-letters}: key, value and headers as they came, and headers that say where
 * from and why. Names of headers that Kafka Streams has for the same (KIP-1034) are used. What no producer of ours could write, such
 * as a record that somebody's compression made small, is kept as a reference: where it stands, its size, its digest and its first bytes.
 *
 * @param key the original key, byte for byte, unless {@code cuts} names it; not to be changed
 * @param value the original value, byte for byte, unless {@code cuts} names it; not to be changed
 * @param headers the original headers, unless {@code cuts} names them
 * @param timestamp the original timestamp in milliseconds since the epoch; -1 if it had none
 * @param product who refused it
 * @param topic where it was read
 * @param partition where it was read
 * @param offset where it was read
 * @param reason why it was refused
 * @param detail what exactly; never a value of the record
 * @param cuts what of it was too large to be kept whole; empty = all is as it came
 */
@SuppressWarnings("ArrayRecordComponent") // bytes as they came; two letters are never compared
public record DeadLetter(
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers,
        long timestamp,
        ProductName product,
        String topic,
        int partition,
        long offset,
        Reason reason,
        String detail,
        List<TruncatedPart> cuts) {

    private static final String TOPIC = "__streams.errors.topic";
    private static final String PARTITION = "__streams.errors.partition";
    private static final String OFFSET = "__streams.errors.offset";
    private static final String MESSAGE = "__streams.errors.message";
    private static final String REASON = "mesh.dead-letter.reason";
    private static final String PRODUCT = "mesh.dead-letter.product";
    private static final String TIMESTAMP = "mesh.dead-letter.timestamp";
    private static final String CUT = "mesh.dead-letter.cut";
    private static final Set<String> OURS = Set.of(TOPIC, PARTITION, OFFSET, MESSAGE, REASON, PRODUCT, TIMESTAMP);

    public DeadLetter {
        cuts = List.copyOf(cuts);
    }

    /**
     * Reads a dead letter.
     *
     * @throws IllegalArgumentException when the record lacks a header that every dead letter has
     */
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        Headers all = record.headers();
        RecordHeaders original = new RecordHeaders();
        Header[] headers = all.toArray();
        List<TruncatedPart> cuts = cuts(all);
        // What the intake adds comes last, so that a redriven letter's older headers stay among the original ones.
        int added = OURS.size() + (cuts.isEmpty() ? 0 : 1);
        Arrays.stream(headers).limit(Math.max(0, headers.length - added)).forEach(original::add);
        return new DeadLetter(
                record.key(),
                record.value(),
                original,
                Long.parseLong(text(all, TIMESTAMP)),
                ProductName.of(text(all, PRODUCT)),
                text(all, TOPIC),
                Integer.parseInt(text(all, PARTITION)),
                Long.parseLong(text(all, OFFSET)),
                Reason.of(text(all, REASON)),
                text(all, MESSAGE),
                cuts);
    }

    /** The original headers, if they are kept, followed by those that say where from, why, and what was cut. */
    static Headers headers(
            Headers original,
            ProductName product,
            RecordMetadata origin,
            long timestamp,
            Rejection rejection,
            List<TruncatedPart> cuts) {
        RecordHeaders headers = TruncatedPart.has(cuts, TruncatedPart.Part.HEADERS)
                ? new RecordHeaders()
                : new RecordHeaders(original.toArray());
        add(headers, TOPIC, origin.topic());
        add(headers, PARTITION, Integer.toString(origin.partition()));
        add(headers, OFFSET, Long.toString(origin.offset()));
        add(headers, MESSAGE, rejection.detail());
        add(headers, REASON, rejection.reason().text());
        add(headers, PRODUCT, product.toString());
        add(headers, TIMESTAMP, Long.toString(timestamp));
        if (!cuts.isEmpty()) {
            add(headers, CUT, TruncatedPart.text(cuts));
        }
        return headers;
    }

    /** What was cut of a letter with these headers. It is told in the very last one, so that an original one is not taken for it. */
    static List<TruncatedPart> cuts(Headers headers) {
        Header[] all = headers.toArray();
        return all.length > 0 && all[all.length - 1].key().equals(CUT)
                ? TruncatedPart.parse(text(headers, CUT))
                : List.of();
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null) {
            throw new IllegalArgumentException("no dead letter: header " + name + " is missing");
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
