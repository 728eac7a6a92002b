package io.kappamesh.intake;

import io.kappamesh.contract.ProductName;
import io.kappamesh.rule.BrokenRule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A rejected record as it is kept in {@code <product>.dead-letters}: the original key, value and headers, followed by headers that say
 * where the record was read and why it was rejected. The names of these headers are those of Kafka Streams where it has them (KIP-1034).
 * A record that is too large for our producers, such as one that was compressed very well, is kept as a reference: topic, partition and
 * offset, its size, its digest and its first bytes.
 *
 * @param key the original key, byte for byte, unless {@code cuts} names it; not to be changed
 * @param value the original value, byte for byte, unless {@code cuts} names it; not to be changed
 * @param headers the original headers, unless {@code cuts} names them
 * @param timestamp the original timestamp in milliseconds since the epoch; -1 if it had none
 * @param product the product that rejected it
 * @param topic where it was read
 * @param partition where it was read
 * @param offset where it was read
 * @param reason why it was rejected
 * @param detail what exactly is wrong; never a value of the record
 * @param rule the name of the rule that does not hold; empty = it is no matter of a rule
 * @param cuts the parts that were too large to be kept whole; empty = everything is kept
 */
@SuppressWarnings("ArrayRecordComponent") // the original bytes; two dead letters are never compared
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
        Optional<String> rule,
        List<TruncatedPart> cuts) {

    private static final String TOPIC = "__streams.errors.topic";
    private static final String PARTITION = "__streams.errors.partition";
    private static final String OFFSET = "__streams.errors.offset";
    private static final String MESSAGE = "__streams.errors.message";
    private static final String REASON = "mesh.dead-letter.reason";
    private static final String PRODUCT = "mesh.dead-letter.product";
    private static final String TIMESTAMP = "mesh.dead-letter.timestamp";
    private static final String RULE = "mesh.dead-letter.rule";
    private static final String CUT = "mesh.dead-letter.cut";
    private static final Set<String> OURS = Set.of(TOPIC, PARTITION, OFFSET, MESSAGE, REASON, PRODUCT, TIMESTAMP);

    public DeadLetter {
        cuts = List.copyOf(cuts);
    }

    /**
     * The dead letter in a record of the dead-letter topic.
     *
     * @throws IllegalArgumentException when the record lacks a header that every dead letter has
     */
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        Headers all = record.headers();
        RecordHeaders original = new RecordHeaders();
        Header[] headers = all.toArray();
        List<TruncatedPart> cuts = cuts(all);
        // The intake adds its headers last. If a dead letter was sent in again, its older headers count as original.
        Reason reason = Reason.of(text(all, REASON));
        @Nullable String rule = rule(headers, cuts);
        int added = OURS.size() + (cuts.isEmpty() ? 0 : 1) + (rule == null ? 0 : 1);
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
                reason,
                text(all, MESSAGE),
                Optional.ofNullable(rule)
                        .map(id -> id.substring(id.lastIndexOf('/') + 1))
                        .or(() -> reason == Reason.QUALITY ? Rejection.ruleIn(text(all, MESSAGE)) : Optional.empty()),
                cuts);
    }

    /** The original headers, if they are kept, followed by those that say where the record was read, why it was rejected, what was cut. */
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
        @Nullable BrokenRule broken = rejection.broken();
        if (broken != null) {
            add(headers, RULE, broken.port() + "/" + broken.rule());
        }
        if (!cuts.isEmpty()) {
            add(headers, CUT, TruncatedPart.text(cuts));
        }
        return headers;
    }

    /** The parts that were cut from a dead letter with these headers. Only the very last header counts: others may be original ones. */
    static List<TruncatedPart> cuts(Headers headers) {
        Header[] all = headers.toArray();
        return all.length > 0 && all[all.length - 1].key().equals(CUT)
                ? TruncatedPart.parse(text(headers, CUT))
                : List.of();
    }

    /** The id of the rule; null = none, or the letter is older than the header. Only the header behind our others counts, as for {@link #cuts}. */
    private static @Nullable String rule(Header[] all, List<TruncatedPart> cuts) {
        int last = all.length - 1 - (cuts.isEmpty() ? 0 : 1);
        return last >= 0 && all[last].key().equals(RULE) ? new String(all[last].value(), StandardCharsets.UTF_8) : null;
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
