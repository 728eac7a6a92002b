package io.kappamesh.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowSplitterTest {
    private static final RowSplitter.Quoting QUOTES = new RowSplitter.Quoting(',', '"', -1);
    private static final RowSplitter.Quoting ESCAPES = new RowSplitter.Quoting(',', '"', '\\');

    @Test
    void lineEndsOfBothKindsAndNoneAtTheEnd() throws Exception {
        assertThat(rows("a\r\nb\n\nc", RowSplitter.Quoting.ABSENT)).containsExactly("a", "b", "", "c");
        assertThat(rows("a\r\nb\n\nc", QUOTES)).containsExactly("a", "b", "", "c");
        assertThat(rows("", QUOTES)).isEmpty();
    }

    @Test
    void lineEndsInQuotesBelongToTheirRow() throws Exception {
        assertThat(rows("1,\"a\nb\"\n2,\"c\"\"\n\"\"\",d\n3,e\"\n", QUOTES))
                .containsExactly("1,\"a\nb\"", "2,\"c\"\"\n\"\"\",d", "3,e\"");
    }

    @Test
    void escapedLineEndsAndQuotesBelongToTheirRow() throws Exception {
        assertThat(rows("1,\"a\\\"\nb\"\n2,c\\\nd\n3", ESCAPES)).containsExactly("1,\"a\\\"\nb\"", "2,c\\\nd", "3");
    }

    @Test
    void quoteThatIsNeverClosedCostsItsLineOnly() throws Exception {
        assertThat(rows("1,a\n2,\"b\n3,c\n4,d\n", QUOTES)).containsExactly("1,a", "2,\"b", "3,c", "4,d");
    }

    @Test
    void quoteThatIsClosedTooFarBehindCostsItsLineOnly() throws Exception {
        String far = "x,y\n".repeat(RowSplitter.LONGEST_QUOTED / 4 + 10);

        List<String> rows = rows("1,\"a\n" + far + "2,b\"\n", QUOTES);

        assertThat(rows)
                .hasSize(RowSplitter.LONGEST_QUOTED / 4 + 12)
                .startsWith("1,\"a", "x,y")
                .endsWith("x,y", "2,b\"");
    }

    /** Behind a quote that closes a column stands a delimiter or the end of the row: else it was another one, which opened. */
    @Test
    void quoteThatIsNeverClosedCostsItsLineOnlyIfAnotherColumnIsQuotedBehindIt() throws Exception {
        assertThat(rows("1,\"a\n2,\"b\",x\r\n3,c\n", QUOTES)).containsExactly("1,\"a", "2,\"b\",x", "3,c");
        assertThat(rows("1,\"a\n\"2\",b\n3,c\n", QUOTES)).containsExactly("1,\"a", "\"2\",b", "3,c");
        assertThat(rows("1,\"a\nb\"\r\n2,\"c\nd\",e\n", QUOTES)).containsExactly("1,\"a\nb\"", "2,\"c\nd\",e");
    }

    @Test
    void textWithoutLineEndsIsRefused() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] into, int from, int length) {
                java.util.Arrays.fill(into, from, from + length, (byte) 'x');
                return length;
            }
        };

        assertThatThrownBy(() -> new RowSplitter(endless, RowSplitter.Quoting.ABSENT, 0).next())
                .isInstanceOf(RowSplitter.TooLongException.class);
    }

    @Test
    void anyTextIsCutTheSameHoweverItIsReadAndWhereverReadingBegins() throws Exception {
        Random random = new Random(3);
        String alphabet = "ab,\"\n\r\\";
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(60);
            for (int at = 0; at < length; at++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            RowSplitter.Quoting quoting =
                    List.of(RowSplitter.Quoting.ABSENT, QUOTES, ESCAPES).get(round % 3);
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            List<String> whole = rows(text.toString(), quoting);
            assertThat(rows(new Dripping(bytes, random), 0, quoting)).isEqualTo(whole);
            // From behind each row on, the rest is the same.
            RowSplitter splitter = new RowSplitter(new ByteArrayInputStream(bytes), quoting, 0);
            for (int row = 1; splitter.next() != null; row++) {
                int from = (int) splitter.offset();
                InputStream rest = new ByteArrayInputStream(bytes, from, bytes.length - from);
                assertThat(rows(rest, from, quoting)).isEqualTo(whole.subList(row, whole.size()));
            }
            assertThat(splitter.offset()).isEqualTo(bytes.length);
        }
    }

    private static List<String> rows(String text, RowSplitter.Quoting quoting) throws IOException {
        return rows(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 0, quoting);
    }

    private static List<String> rows(InputStream in, long from, RowSplitter.Quoting quoting) throws IOException {
        RowSplitter splitter = new RowSplitter(in, quoting, from);
        List<String> rows = new ArrayList<>();
        for (byte[] row = splitter.next(); row != null; row = splitter.next()) {
            rows.add(new String(row, StandardCharsets.UTF_8));
        }
        return rows;
    }

    /** Gives a few bytes at a time. */
    private static final class Dripping extends ByteArrayInputStream {
        private final Random random;

        Dripping(byte[] bytes, Random random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(length, 1 + random.nextInt(3)));
        }
    }
}
