package io.kappamesh.topology;

import static io.kappamesh.topology.Bench.utf8;
import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.FOREIGN;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.intake.RecordKeys;
import io.kappamesh.intake.TruncatedPart;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each intake refuses, and what becomes of it. The note of a basket says what the domain makes of it. */
class IntakeTest {
    private static final EventSource<Basket> INPUT = RAW;
    private static final byte[] KEY = utf8("k1");
    private static final long CAME_AT = 777;
    private static final String LONG = "x".repeat(500);

    private final List<String> told = new ArrayList<>();
    private final Bench bench = new Bench(
            Shop.product(INPUT, BASKETS),
            ports -> ports.publish(
                    BASKETS,
                    ports.read(INPUT).check(IntakeTest::objection).becomes(BASKETS, IntakeTest::step).stream()),
            new Told(told));

    private static Optional<String> objection(Basket basket) {
        return switch (basket.getNote()) {
            case "objectionable" -> Optional.of("the note is not liked");
            case "verbose" -> Optional.of("o".repeat(20 << 20));
            case "divides" ->
                Optional.of(BigDecimal.ONE.divide(BigDecimal.valueOf(3)).toString());
            case "secret" -> throw new IllegalStateException(basket.getNote());
            default -> Optional.empty();
        };
    }

    private static Basket step(Basket basket) {
        return switch (basket.getNote()) {
            case "grows" -> new Basket(basket.getAt(), LONG, basket.getItems());
            case "empties" -> new Basket(basket.getAt(), "", List.of());
            case "ages" -> new Basket(Instant.ofEpochMilli(-1), "", basket.getItems());
            case "nothing" -> null;
            default -> basket;
        };
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void whatIsGoodComesInWithItsEventTimeAndWithoutItsHeaders() {
        pipe(KEY, bench.bytes(INPUT, basket(NOON, "good", "a")));

        TestRecord<String, Basket> out = bench.records(BASKETS).get(0);
        assertThat(out.key()).isEqualTo("k1");
        assertThat(out.value()).isEqualTo(basket(NOON, "good", "a"));
        assertThat(out.timestamp()).isEqualTo(NOON.toEpochMilli());
        assertThat(out.headers()).isEmpty();
        assertThat(bench.letters()).isEmpty();
        assertThat(told)
                .containsExactly(
                        "in shop.raw.v1-0@0 " + NOON.toEpochMilli(), "out shop.baskets.v1 " + NOON.toEpochMilli());
    }

    @Test
    void aTraceGoesOnToWhatIsPublished() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", utf8("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        headers.add("tracestate", utf8("of=an-earlier-hop"));
        headers.add("tracestate", utf8("congo=t61rcWkgMzE"));
        headers.add("baggage", utf8("b".repeat(8 * 1024 + 1)));
        headers.add("spring_json_header_types", utf8("{}"));

        bench.pipe(INPUT, KEY, bench.bytes(INPUT, basket(NOON, "good", "a")), headers, CAME_AT);

        assertThat(bench.records(BASKETS).get(0).headers())
                .extracting(Header::key, header -> new String(header.value(), StandardCharsets.UTF_8))
                .containsExactly(
                        tuple("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                        tuple("tracestate", "congo=t61rcWkgMzE"));
    }

    @Test
    void aKeyThatIsMissingOrNotUtf8OrTooLongIsRefused() {
        byte[] value = bench.bytes(INPUT, basket(NOON, "good", "a"));

        assertRefused(null, value, Reason.KEY, "the key is missing");
        assertRefused(new byte[] {'a', (byte) 0xff, 0}, value, Reason.KEY, "the key is not UTF-8");
        assertRefused(utf8("\uFFFFa"), value, Reason.KEY, "the key is not UTF-8");
        assertRefused(utf8("k".repeat(RecordKeys.MAX_BYTES + 1)), value, Reason.KEY, "more than 8192 bytes");
    }

    @Test
    void aKeyThatIsANumberOrAvroIsRefusedThoughItIsUtf8() {
        byte[] value = bench.bytes(INPUT, basket(NOON, "good", "a"));
        String remedy = "holds a control character, as numbers and Avro do that are not text; write keys as UTF-8 text";

        assertRefused(ByteBuffer.allocate(8).putLong(42).array(), value, Reason.KEY, remedy);
        assertRefused(ByteBuffer.allocate(4).putInt(42).array(), value, Reason.KEY, remedy);
        assertRefused(new byte[] {0, 0, 0, 0, 1, 4, 'k', '1'}, value, Reason.KEY, remedy);
        assertRefused(utf8("line\nbreak"), value, Reason.KEY, remedy);
        assertRefused(utf8("c1 \u0085"), value, Reason.KEY, remedy);
    }

    @Test
    void aKeyMayBeEmptyAndAsLongAsAllowed() {
        byte[] value = bench.bytes(INPUT, basket(NOON, "good", "a"));
        String longest = "k".repeat(RecordKeys.MAX_BYTES);

        pipe(new byte[0], value);
        pipe(utf8(longest), value);

        assertThat(bench.records(BASKETS)).extracting(TestRecord::key).containsExactly("", longest);
    }

    @Test
    void anEventThatIsNullIsRefused() {
        assertRefused(KEY, null, Reason.NULL_VALUE, "the value is null");
    }

    @Test
    void bytesThatAreNoRecordAreRefused() {
        byte[] good = bench.bytes(INPUT, basket(NOON, "good", "a"));
        byte[] unknownId = ByteBuffer.wrap(good.clone()).putInt(1, 4_711).array();
        byte[] cutOff = Arrays.copyOf(good, good.length - 1);

        assertRefused(KEY, new byte[0], Reason.UNDECODABLE, "too short");
        assertRefused(KEY, utf8("{\"at\": 1}"), Reason.UNDECODABLE, "not in the Confluent wire format");
        assertRefused(KEY, unknownId, Reason.UNDECODABLE, "schema id 4711 is unknown to the registry");
        assertRefused(KEY, cutOff, Reason.UNDECODABLE, "");
    }

    @Test
    void aRecordOfAnotherSchemaIsRefused() {
        Parcel parcel = new Parcel(1L, 2, "MAIL", LocalDate.EPOCH, new BigDecimal("1.00"), "FRANCE", "");

        assertRefused(KEY, bench.bytes(INPUT, parcel), Reason.UNDECODABLE, "");
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedByItsBytes() {
        byte[] value = bench.bytes(INPUT, basket(NOON, "x".repeat(2_000), "a"));

        assertRefused(
                KEY, value, Reason.TOO_LARGE, "the value has " + value.length + " bytes, but at most 2000 are let in");
    }

    @Test
    void anEventTimeBefore1970IsRefused() {
        byte[] value = bench.bytes(INPUT, basket(Instant.ofEpochMilli(-1), "good", "a"));

        assertRefused(KEY, value, Reason.EVENT_TIME, "the event time lies before 1970");
    }

    @Test
    void theEpochItselfIsATime() {
        pipe(KEY, bench.bytes(INPUT, basket(Instant.EPOCH, "good", "a")));

        assertThat(bench.records(BASKETS))
                .singleElement()
                .satisfies(out -> assertThat(out.timestamp()).isZero());
    }

    @Test
    void aRecordThatBreaksARuleOfThePortIsRefusedByItsName() {
        String[] many = IntStream.range(0, 11).mapToObj(i -> "i" + i).toArray(String[]::new);

        assertRefused(
                KEY,
                bench.bytes(INPUT, basket(NOON, "good", many)),
                Reason.QUALITY,
                "rule few-items does not hold: a basket has at most ten items");
    }

    @Test
    void theDomainsObjectionRefuses() {
        assertRefused(
                KEY, bench.bytes(INPUT, basket(NOON, "objectionable", "a")), Reason.INVALID, "the note is not liked");
    }

    @Test
    void aCheckThatThrowsCostsTheRecordItThrewOnAndShowsNoValue() {
        byte[] secret = bench.bytes(INPUT, basket(NOON, "secret", "a"));

        assertRefused(KEY, secret, Reason.INVALID, "a check threw java.lang.IllegalStateException");
    }

    @Test
    void aCheckThatCannotDivideIsNoMatterOfEventTime() {
        byte[] divides = bench.bytes(INPUT, basket(NOON, "divides", "a"));

        assertRefused(KEY, divides, Reason.INVALID, "a check threw java.lang.ArithmeticException");
    }

    @Test
    void aStepThatMakesNothingCostsTheRecord() {
        assertRefused(KEY, bench.bytes(INPUT, basket(NOON, "nothing", "a")), Reason.INVALID, "a check threw");
    }

    @Test
    void whatWouldBecomeTooLargeForTheOutputIsRefused() {
        assertRefused(
                KEY,
                bench.bytes(INPUT, basket(NOON, "grows", "a")),
                Reason.TOO_LARGE,
                "but shop.baskets.v1 takes at most 400");
    }

    @Test
    void whatWouldBreakARuleOfTheOutputIsRefused() {
        assertRefused(
                KEY,
                bench.bytes(INPUT, basket(NOON, "empties", "a")),
                Reason.QUALITY,
                "rule has-items does not hold: a basket has an item");
    }

    @Test
    void whatWouldHaveAnImpossibleEventTimeIsRefused() {
        assertRefused(
                KEY,
                bench.bytes(INPUT, basket(NOON, "ages", "a")),
                Reason.EVENT_TIME,
                "becomes a record whose event time lies before 1970");
    }

    @Test
    void aValueThatNoDeadLetterCanHoldIsKeptAsItsPlaceSizeDigestAndFirstBytes() throws Exception {
        byte[] value = new byte[20 << 20];
        value[0] = 'x';

        pipe(KEY, value);

        DeadLetter letter = bench.letters().get(0);
        assertThat(letter.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(letter.topic()).isEqualTo("shop.raw.v1");
        assertThat(letter.offset()).isZero();
        assertThat(letter.cuts()).containsExactly(new TruncatedPart(TruncatedPart.Part.VALUE, 20 << 20, sha256(value)));
        assertThat(letter.value()).isEqualTo(Arrays.copyOf(value, 1024));
        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(letter.headers()).isEqualTo(headers());
    }

    @Test
    void aKeyAndHeadersThatNoDeadLetterCanHoldAreCutAsWell() throws Exception {
        byte[] large = new byte[17 << 20];
        RecordHeaders headers = new RecordHeaders();
        headers.add("large", large);
        headers.add("none", null);

        bench.pipe(INPUT, large, bench.bytes(INPUT, basket(NOON, "good", "a")), headers, CAME_AT);

        ConsumerRecord<byte[], byte[]> raw = bench.rawLetters().get(0);
        DeadLetter letter = DeadLetter.of(raw);
        byte[] told = ByteBuffer.allocate(4 + 5 + 4 + large.length + 4 + 4 + 4)
                .putInt(5)
                .put(utf8("large"))
                .putInt(large.length)
                .put(large)
                .putInt(4)
                .put(utf8("none"))
                .putInt(-1)
                .array();
        assertThat(letter.reason()).isEqualTo(Reason.KEY);
        assertThat(letter.cuts())
                .extracting(TruncatedPart::part, TruncatedPart::sha256)
                .containsExactly(
                        tuple(TruncatedPart.Part.HEADERS, sha256(told)), tuple(TruncatedPart.Part.KEY, sha256(large)));
        assertThat(letter.key()).isEqualTo(new byte[1024]);
        assertThat(letter.headers()).isEmpty();
        assertThat(raw.headers()).hasSize(8);
    }

    @Test
    void whatIsLargeAndYetFitsIntoADeadLetterIsKeptWhole() {
        byte[] value = new byte[15 << 20];
        value[0] = 'x';

        assertRefused(KEY, value, Reason.TOO_LARGE, "but at most 2000 are let in");
        pipe(KEY, value);
        assertThat(bench.letters().get(0).cuts()).isEmpty();
    }

    @Test
    void aRedrivenReferenceIsNotTakenForACutOfTheNextLetter() {
        pipe(KEY, new byte[20 << 20]);
        Headers headers = bench.rawLetters().get(0).headers();

        bench.pipe(INPUT, KEY, utf8("garbage"), headers, 888);

        DeadLetter again = bench.letters().get(0);
        assertThat(again.cuts()).isEmpty();
        assertThat(again.headers()).isEqualTo(headers);
    }

    @Test
    void anObjectionOfAnyLengthFitsIntoAHeader() {
        assertRefused(KEY, bench.bytes(INPUT, basket(NOON, "verbose", "a")), Reason.INVALID, "o".repeat(2_000) + "…");
    }

    @Test
    void aRecordWithoutATimestampIsKeptAsSuch() {
        bench.pipe(INPUT, KEY, utf8("garbage"), new RecordHeaders(), 0);

        assertThat(bench.rawLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.timestamp()).isZero();
            assertThat(DeadLetter.of(letter).timestamp()).isZero();
        });
    }

    @Test
    void aRedrivenLetterKeepsItsOlderHeadersAsOriginalOnes() {
        pipe(KEY, utf8("garbage"));
        ConsumerRecord<byte[], byte[]> first = bench.rawLetters().get(0);

        bench.pipe(INPUT, first.key(), first.value(), first.headers(), 888);

        DeadLetter again = bench.letters().get(0);
        assertThat(again.headers()).isEqualTo(first.headers());
        assertThat(again.offset()).isEqualTo(1);
        assertThat(again.timestamp()).isEqualTo(888);
        assertThat(DeadLetter.of(first).timestamp()).isEqualTo(CAME_AT);
    }

    @Test
    void aRedrivenLetterThatIsGoodByNowLeavesNoTraceOfItsRefusal() {
        pipe(KEY, utf8("garbage"));
        ConsumerRecord<byte[], byte[]> letter = bench.rawLetters().get(0);

        bench.pipe(INPUT, KEY, bench.bytes(INPUT, basket(NOON, "good", "a")), letter.headers(), 1);

        assertThat(bench.records(BASKETS).get(0).headers()).isEmpty();
    }

    @Test
    void whatIsNoDeadLetterIsNotReadAsOne() {
        ConsumerRecord<byte[], byte[]> other = new ConsumerRecord<>("t", 0, 0, KEY, KEY);

        assertThatThrownBy(() -> DeadLetter.of(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is missing");
    }

    @Test
    void tablesMayDeleteAndAPrivateSourceOfEventsMayNot() {
        try (Bench table = new Bench(
                Shop.product(FOREIGN, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(FOREIGN).changes()))) {
            table.pipe(FOREIGN, KEY, null, headers(), CAME_AT);

            assertThat(table.records(BASKETS)).singleElement().satisfies(out -> {
                assertThat(out.key()).isEqualTo("k1");
                assertThat(out.value()).isNull();
                assertThat(out.timestamp()).isEqualTo(CAME_AT);
                assertThat(out.headers()).isEmpty();
            });
        }
        SourcePort<Basket> rows = SourcePort.table("shop.rows.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets as they are now.")
                .build();
        try (Bench table = new Bench(
                Shop.product(rows, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(rows).changes()))) {
            table.pipe(rows, KEY, null, headers(), CAME_AT);

            assertThat(table.records(BASKETS))
                    .singleElement()
                    .satisfies(out -> assertThat(out.value()).isNull());
        }
        try (Bench source = new Bench(
                Shop.product(INPUT, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(INPUT).changes()))) {
            source.pipe(INPUT, KEY, null, headers(), CAME_AT);

            assertThat(source.letters()).extracting(DeadLetter::reason).containsExactly(Reason.NULL_VALUE);
        }
    }

    /** Compaction takes away what it replaced, so that a replay would not find that either. */
    @Test
    void aRowOfATableThatIsRefusedDeletesItsKey() {
        try (Bench table = new Bench(
                Shop.product(FOREIGN, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(FOREIGN).changes()))) {
            table.pipe(FOREIGN, "k1", basket(NOON, "good", "a"));
            table.pipe(FOREIGN, KEY, utf8("garbage"), headers(), CAME_AT);

            assertThat(table.letters()).extracting(DeadLetter::reason).containsExactly(Reason.UNDECODABLE);
            assertThat(table.records(BASKETS))
                    .extracting(TestRecord::key, TestRecord::value, TestRecord::timestamp)
                    .containsExactly(
                            tuple("k1", basket(NOON, "good", "a"), NOON.toEpochMilli()), tuple("k1", null, CAME_AT));
        }
    }

    @Test
    void aRowWhoseKeyCannotBeReadDeletesNothing() {
        try (Bench table = new Bench(
                Shop.product(FOREIGN, BASKETS),
                ports -> ports.publish(BASKETS, ports.read(FOREIGN).changes()))) {
            table.pipe(FOREIGN, null, table.bytes(FOREIGN, basket(NOON, "good", "a")), headers(), CAME_AT);
            table.pipe(FOREIGN, null, utf8("garbage"), headers(), CAME_AT);
            table.pipe(FOREIGN, new byte[] {'a', (byte) 0xff}, utf8("garbage"), headers(), CAME_AT);

            assertThat(table.letters())
                    .extracting(DeadLetter::reason)
                    .containsExactly(Reason.KEY, Reason.UNDECODABLE, Reason.UNDECODABLE);
            assertThat(table.records(BASKETS)).isEmpty();
        }
    }

    @Test
    void reasonsAreReadFromTheTextTheyAreWrittenAs() {
        assertThat(Reason.values())
                .allSatisfy(reason -> assertThat(Reason.of(reason.text())).isEqualTo(reason));
        assertThat(Reason.TOO_LARGE.text()).isEqualTo("too-large");
    }

    /** Refused, with everything as it came; and a good record after it still comes in. */
    private void assertRefused(byte[] key, byte[] value, Reason reason, String detail) {
        told.clear();
        pipe(key, value);

        List<ConsumerRecord<byte[], byte[]>> letters = bench.rawLetters();
        assertThat(letters).hasSize(1);
        DeadLetter letter = DeadLetter.of(letters.get(0));
        assertThat(letter.reason()).isEqualTo(reason);
        assertThat(letter.detail()).contains(detail).doesNotContain("secret", LONG);
        assertThat(letter.key()).isEqualTo(key);
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.headers()).isEqualTo(headers());
        assertThat(letter.timestamp()).isEqualTo(CAME_AT);
        assertThat(letters.get(0).timestamp()).isEqualTo(CAME_AT);
        assertThat(letter.product()).hasToString("shop.test");
        assertThat(letter.topic()).isEqualTo("shop.raw.v1");
        assertThat(letter.partition()).isZero();
        assertThat(bench.records(BASKETS)).isEmpty();
        assertThat(told)
                .filteredOn(one -> !one.startsWith("unmet"))
                .containsExactly("refused shop.raw.v1-0@" + letter.offset() + " " + reason.text());
    }

    private void pipe(byte[] key, byte[] value) {
        bench.pipe(INPUT, key, value, headers(), CAME_AT);
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static Headers headers() {
        return new RecordHeaders()
                .add("trace", utf8("1"))
                .add("trace", utf8("2"))
                .add("empty", null);
    }
}
