package io.kappamesh.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class RecordKeysTest {
    private static final Serde<String> SERDE = RecordKeys.serde();

    @Test
    void everySequenceOfBytesComesBackAsItWas() {
        long seed = 20_260_101;
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = random.nextInt(4) == 0
                    ? "\uFFFF\u00ff\uFFFFa".substring(random.nextInt(4)).getBytes(StandardCharsets.UTF_8)
                    : new byte[random.nextInt(12)];
            if (bytes.length > 0 && random.nextInt(4) > 0) {
                random.nextBytes(bytes);
            }

            String text = SERDE.deserializer().deserialize("t", bytes);

            assertThat(SERDE.serializer().serialize("t", text))
                    .as("seed %d, key %d", seed, i)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void aTextIsReadableExactlyWhenItIsUtf8WithoutControlCharacters() {
        long seed = 20_260_102;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(6)];
            random.nextBytes(bytes);
            String lenient = new String(bytes, StandardCharsets.UTF_8);
            boolean readable = Arrays.equals(bytes, lenient.getBytes(StandardCharsets.UTF_8))
                    && lenient.chars().noneMatch(Character::isISOControl);

            String text = SERDE.deserializer().deserialize("t", bytes);

            assertThat(RecordKeys.isReadable(text, bytes.length))
                    .as("seed %d, key %d", seed, i)
                    .isEqualTo(readable);
        }
    }

    @Test
    void aMissingKeyStaysMissing() {
        assertThat(SERDE.deserializer().deserialize("t", null)).isNull();
        assertThat(SERDE.serializer().serialize("t", null)).isNull();
        assertThat(RecordKeys.isReadable(null, -1)).isFalse();
    }
}
