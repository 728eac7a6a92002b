package io.kappamesh.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimesTest {
    private static final int MANY = 50_000;
    private static final String LETTERS = "0123456789-:.TZtz+ \u0663";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T10:00:00Z",
                "2026-03-01T10:00:00.1Z",
                "2026-03-01T10:00:00.123456789Z",
                "2026-03-01T10:00:00.1234567890Z",
                "2026-03-01T10:00:00.Z",
                "2026-03-01T10:00:00,5Z",
                "2026-03-01t10:00:00z",
                "2026-03-01T10:00Z",
                "2026-03-01T10:00:00+02:00",
                "2026-03-01T24:00:00Z",
                "2026-03-01T23:59:60Z",
                "2026-02-29T10:00:00Z",
                "2024-02-29T10:00:00Z",
                "2026-13-01T10:00:00Z",
                "0000-01-01T00:00:00Z",
                "-2026-03-01T10:00:00Z",
                "+12026-03-01T10:00:00Z",
                "2026-03-01 10:00:00Z",
                "\u0662026-03-01T10:00:00Z",
                "2026-03-01",
                "2026-3-1",
                "2026-02-30",
                "20260301",
                "Z",
                ""
            })
    void whatIsReadIsWhatJavaTimeReads(String text) {
        requireTheSame(text);
    }

    @Test
    void spoiledTextsAreReadAsJavaTimeReadsThem() {
        Random random = new Random(1);
        for (int i = 0; i < MANY; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(-62_167_219_200L, 253_402_300_800L))
                    .plusNanos(random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
            StringBuilder text = new StringBuilder(
                    random.nextBoolean() ? time.toString() : time.toString().substring(0, 10));
            for (int spoiled = random.nextInt(3); spoiled > 0; spoiled--) {
                text.setCharAt(random.nextInt(text.length()), LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            requireTheSame(text.toString());
        }
    }

    private static void requireTheSame(String text) {
        assertThat(read(IsoTimes::instant, text))
                .as(text)
                .isEqualTo(read(other -> OffsetDateTime.parse(other).toInstant(), text));
        assertThat(read(IsoTimes::date, text)).as(text).isEqualTo(read(LocalDate::parse, text));
    }

    private static <T> Optional<T> read(Function<String, T> reader, String text) {
        try {
            return Optional.of(reader.apply(text));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }
}
