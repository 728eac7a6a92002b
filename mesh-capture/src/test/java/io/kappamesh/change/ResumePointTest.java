package io.kappamesh.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResumePointTest {
    private static final ByteBuffer KEY = bytes("[\"shop\",{\"server\":\"shop\"}]");

    private final ResumePoint point = new ResumePoint();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void withoutAPositionTheEngineFindsNoOffsetAndBeginsWithASnapshot() throws Exception {
        assertThat(point.get(List.of(KEY)).get()).isEmpty();
    }

    @Test
    void engineFindsWhatItWasToldToStoreWhenItConfirms() throws Exception {
        point.set(Map.of(KEY, bytes("{\"lsn\":7}")), null).get();

        ByteBuffer found = point.get(List.of(KEY)).get().get(KEY);

        assertThat(StandardCharsets.UTF_8.decode(found).toString()).isEqualTo("{\"lsn\":7}");
        assertThat(point.get(List.of(KEY)).get().get(KEY).remaining()).isEqualTo(9);
    }
}
