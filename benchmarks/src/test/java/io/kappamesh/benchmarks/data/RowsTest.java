package io.kappamesh.benchmarks.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowsTest {
    private static final byte[] ONE = framed(1, "first order");
    private static final byte[] TWO = framed(1, "second order");

    @Test
    void orderOfRecordsAndIdsOfSchemasDoNotCount() {
        Rows rows = Rows.NONE.and(key("1"), ONE).and(key("2"), TWO);

        assertThat(Rows.NONE.and(key("2"), framed(7, "second order")).and(key("1"), ONE))
                .isEqualTo(rows);
    }

    @Test
    void whateverIsWrongIsSeen() {
        Rows rows = Rows.NONE.and(key("1"), ONE).and(key("2"), TWO);

        assertThat(Rows.NONE.and(key("1"), ONE)).as("one is missing").isNotEqualTo(rows);
        assertThat(rows.and(key("2"), TWO)).as("one comes twice").isNotEqualTo(rows);
        assertThat(Rows.NONE.and(key("1"), TWO).and(key("2"), ONE))
                .as("two are exchanged")
                .isNotEqualTo(rows);
        assertThat(Rows.NONE.and(key("1"), ONE).and(key("2"), framed(1, "second 0rder")))
                .as("one byte differs")
                .isNotEqualTo(rows);
        assertThat(Rows.NONE.and(key("1"), ONE).and(key("2"), null))
                .as("one is deleted")
                .isNotEqualTo(rows);
    }

    private static byte[] key(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] framed(int id, String text) {
        byte[] payload = text.getBytes(UTF_8);
        byte[] framed = new byte[payload.length + 5];
        framed[4] = (byte) id;
        System.arraycopy(payload, 0, framed, 5, payload.length);
        return framed;
    }
}
