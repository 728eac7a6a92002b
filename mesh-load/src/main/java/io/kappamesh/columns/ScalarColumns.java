package io.kappamesh.columns;

import io.kappamesh.serde.AvroBytes;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.avro.Schema;

/** The types of columns that hold one value. Stateless. */
final class ScalarColumns {
    private ScalarColumns() {}

    /** Numbers and truth values that both sides write alike. */
    record Plain(String sql) implements ColumnType {
        @Override
        public void write(Object value, CopyText out) {
            out.ascii(value.toString());
        }

        @Override
        public boolean holds(Object value, String text) {
            return value.toString().equals(text);
        }
    }

    /** Nothing is rounded: both sides write the fewest digits that mean the same number. */
    record Floating(String sql) implements ColumnType {
        @Override
        public void write(Object value, CopyText out) {
            out.ascii(value.toString());
        }

        @Override
        public boolean holds(Object value, String text) {
            return value instanceof Float ? value.equals(Float.valueOf(text)) : value.equals(Double.valueOf(text));
        }
    }

    record Text(String sql) implements ColumnType {
        @Override
        public void write(Object value, CopyText out) throws UnloadableException {
            RawValues.text(value, out);
        }

        @Override
        public boolean holds(Object value, String text) {
            return value.toString().equals(text);
        }
    }

    /** Of a text, or of 16 bytes. */
    record Uuid() implements ColumnType {
        private static final Pattern FORM =
                Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

        @Override
        public String sql() {
            return "uuid";
        }

        @Override
        public void write(Object value, CopyText out) throws UnloadableException {
            String text = value instanceof CharSequence ? value.toString() : hex(value);
            if (value instanceof CharSequence && !FORM.matcher(text).matches()) {
                throw new UnloadableException("is no UUID");
            }
            out.ascii(text);
        }

        @Override
        public boolean holds(Object value, String text) {
            return value instanceof CharSequence
                    ? value.toString().toLowerCase(Locale.ROOT).equals(text)
                    : hex(value).equals(text.replace("-", ""));
        }

        private static String hex(Object value) {
            return HexFormat.of().formatHex(AvroBytes.of(value));
        }
    }

    record Bytes() implements ColumnType {
        @Override
        public String sql() {
            return "bytea";
        }

        @Override
        public void write(Object value, CopyText out) {
            byte[] bytes = AvroBytes.of(value);
            out.put('\\');
            out.put('x');
            out.hex(bytes, 0, bytes.length);
        }

        @Override
        public String readBack(String column) {
            return "encode(" + column + ", 'hex')";
        }

        @Override
        public boolean holds(Object value, String text) {
            return HexFormat.of().formatHex(AvroBytes.of(value)).equals(text.replace("\n", ""));
        }
    }

    /**
     * Decimals of one scale.
     *
     * @param precision the most digits
     */
    record Decimal(int precision, int scale) implements ColumnType {
        /** What PostgreSQL takes as a declared precision. */
        static final int MOST_DECLARED = 1000;

        @Override
        public String sql() {
            return precision <= MOST_DECLARED ? "numeric(" + precision + "," + scale + ")" : "numeric";
        }

        @Override
        public void write(Object value, CopyText out) throws UnloadableException {
            BigDecimal decimal = RawValues.decimal(value, scale);
            if (decimal.precision() > precision) {
                throw new UnloadableException("has more than the " + precision + " digits that the contract declares");
            }
            Numeric.write(decimal, out);
        }

        @Override
        public boolean holds(Object value, String text) {
            try {
                return RawValues.decimal(value, scale).compareTo(new BigDecimal(text)) == 0;
            } catch (UnloadableException none) {
                return false;
            }
        }
    }

    /** Decimals that each have a scale of their own. */
    record Numeric(Schema schema) implements ColumnType {
        private static final int MOST_BEFORE = 131_072;
        private static final int MOST_BEHIND = 16_383;

        @Override
        public String sql() {
            return "numeric";
        }

        @Override
        public void write(Object value, CopyText out) throws UnloadableException {
            write(RawValues.bigDecimal(value, schema), out);
        }

        static void write(BigDecimal decimal, CopyText out) throws UnloadableException {
            if (decimal.scale() > MOST_BEHIND || (long) decimal.precision() - decimal.scale() > MOST_BEFORE) {
                throw new UnloadableException("is a decimal with more digits than PostgreSQL's numeric holds");
            }
            out.ascii(decimal.toPlainString());
        }

        @Override
        public boolean holds(Object value, String text) {
            try {
                return RawValues.bigDecimal(value, schema).compareTo(new BigDecimal(text)) == 0;
            } catch (UnloadableException none) {
                return false;
            }
        }
    }
}
