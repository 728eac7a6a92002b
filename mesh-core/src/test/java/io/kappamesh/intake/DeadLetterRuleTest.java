package io.kappamesh.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.ProductName;
import io.kappamesh.rule.QualityRule;
import io.kappamesh.rule.RulePolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;

/** The rule for which a record was refused, in the headers of its dead letter. */
class DeadLetterRuleTest {
    private static final String HEADER = "mesh.dead-letter.rule";
    private static final QualityRule<String> HAS_NOTE =
            new QualityRule<>("has-note", "an order has a note", text -> false, RulePolicy.DEAD_LETTER);
    private static final List<TruncatedPart> CUT = TruncatedPart.of(null, new byte[5_000], new RecordHeaders(), 2_000);

    @Test
    void theHeaderHasPortAndRuleAndIsNoneOfTheOriginalOnes() {
        for (List<TruncatedPart> cuts : List.of(List.<TruncatedPart>of(), CUT)) {
            Headers headers = headers(original(), Rejection.of("shop.orders.v1", HAS_NOTE), cuts);

            assertThat(text(headers)).isEqualTo("shop.orders.v1/has-note");
            DeadLetter letter = letter(headers);
            assertThat(letter.rule()).contains("has-note");
            assertThat(letter.cuts()).isEqualTo(cuts);
            assertThat(letter.headers().toArray()).containsExactly(original().toArray());
        }
    }

    @Test
    void aLetterThatWasWrittenWithoutTheHeaderIsKnownByItsSentence() {
        Headers headers = headers(original(), Rejection.of("shop.orders.v1", HAS_NOTE), List.of());
        headers.remove(HEADER);

        DeadLetter letter = letter(headers);

        assertThat(letter.rule()).contains("has-note");
        assertThat(letter.headers().toArray()).containsExactly(original().toArray());
    }

    /** The sentence is for people, and may change; the header is what counts. */
    @Test
    void theHeaderCountsBeforeTheSentence() {
        Rejection ofRule = Rejection.of("shop.orders.v1", HAS_NOTE);
        Headers headers = headers(
                original(),
                new Rejection(Reason.QUALITY, "rule other does not hold: said otherwise", ofRule.broken()),
                List.of());

        assertThat(letter(headers).rule()).contains("has-note");
    }

    /** A letter that is sent in again and refused for something else; and a record whose sender has chosen such a name. */
    @Test
    void headersOfTheRecordItselfNameNoRule() {
        Headers again = headers(original(), Rejection.of("shop.orders.v1", HAS_NOTE), List.of());

        DeadLetter letter = letter(headers(again, new Rejection(Reason.UNDECODABLE, "no schema"), List.of()));

        assertThat(letter.rule()).isEmpty();
        assertThat(letter.headers().toArray()).containsExactly(again.toArray());
    }

    @Test
    void sentencesOfADomainNameNoRule() {
        assertThat(rule(Reason.INVALID, "rule a does not hold: x")).isEmpty();
        assertThat(rule(Reason.QUALITY, "rule of thumb")).isEmpty();
        assertThat(rule(Reason.NULL_VALUE, "the value is null; a fact is expected"))
                .isEmpty();
        assertThat(rule(Reason.QUALITY, "rule a-b does not hold: rule c does not hold: x"))
                .contains("a-b");
    }

    private static Optional<String> rule(Reason reason, String detail) {
        return letter(headers(original(), new Rejection(reason, detail), List.of()))
                .rule();
    }

    private static RecordHeaders original() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("mine", "1".getBytes(StandardCharsets.UTF_8));
        return headers;
    }

    private static Headers headers(Headers original, Rejection rejection, List<TruncatedPart> cuts) {
        return DeadLetter.headers(
                original,
                ProductName.of("shop.orders"),
                new RecordMetadata() {
                    @Override
                    public String topic() {
                        return "shop.raw.v1";
                    }

                    @Override
                    public int partition() {
                        return 1;
                    }

                    @Override
                    public long offset() {
                        return 7;
                    }
                },
                9,
                rejection,
                cuts);
    }

    private static String text(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static DeadLetter letter(Headers headers) {
        return DeadLetter.of(new ConsumerRecord<>(
                "shop.orders.dead-letters",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                headers,
                Optional.empty()));
    }
}
