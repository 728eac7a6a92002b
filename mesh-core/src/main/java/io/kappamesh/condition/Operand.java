package io.kappamesh.condition;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** What a value is compared with. Immutable and thread-safe. */
sealed interface Operand {
    /** How a value of the record compares with it; empty = one of them is null, or they are of different kinds. */
    Optional<Integer> order(Optional<Object> value, IndexedRecord record);

    /** Adds what is wrong where values of this kind are compared with it. */
    void judge(FieldPath path, Kind kind, boolean equality, Schema schema, List<String> problems);

    /** A number. */
    record Amount(BigDecimal number) implements Operand {
        @Override
        public Optional<Integer> order(Optional<Object> value, IndexedRecord record) {
            return compare(value, Optional.of(number));
        }

        @Override
        public void judge(FieldPath path, Kind kind, boolean equality, Schema schema, List<String> problems) {
            require(kind == Kind.NUMBER, path, kind, "the number " + number, problems);
        }
    }

    /** True or false. */
    record Flag(boolean flag) implements Operand {
        @Override
        public Optional<Integer> order(Optional<Object> value, IndexedRecord record) {
            return compare(value, Optional.of(flag));
        }

        @Override
        public void judge(FieldPath path, Kind kind, boolean equality, Schema schema, List<String> problems) {
            require(kind == Kind.FLAG && equality, path, kind, String.valueOf(flag), problems);
        }
    }

    /**
     * Text, which may be a day or a moment.
     *
     * @param day null = it is none
     * @param moment null = it is none
     */
    record Text(
            String text, @Nullable LocalDate day, @Nullable Instant moment) implements Operand {
        static Text of(String text) {
            return new Text(text, parsed(() -> LocalDate.parse(text)), parsed(() -> Instant.parse(text)));
        }

        private static <T> @Nullable T parsed(Supplier<T> parse) {
            try {
                return parse.get();
            } catch (DateTimeException otherText) {
                return null;
            }
        }

        @Override
        public Optional<Integer> order(Optional<Object> value, IndexedRecord record) {
            Object found = value.orElse(null);
            if (found instanceof LocalDate) {
                return compare(value, Optional.ofNullable(day));
            }
            return compare(value, found instanceof Instant ? Optional.ofNullable(moment) : Optional.of(text));
        }

        @Override
        public void judge(FieldPath path, Kind kind, boolean equality, Schema schema, List<String> problems) {
            boolean fits = switch (kind) {
                case TEXT -> true;
                case DAY -> day != null;
                case MOMENT -> moment != null;
                default -> false;
            };
            require(fits, path, kind, "'" + text + "'", problems);
        }
    }

    /** Another field of the record. */
    record Other(FieldPath other) implements Operand {
        @Override
        public Optional<Integer> order(Optional<Object> value, IndexedRecord record) {
            return compare(value, other.values(record).get(0));
        }

        @Override
        public void judge(FieldPath path, Kind kind, boolean equality, Schema schema, List<String> problems) {
            other.judge(schema, problems)
                    .ifPresent(found -> require(
                            found == kind && kind != Kind.OTHER && kind != Kind.CONTAINER,
                            path,
                            kind,
                            other + ", which is " + found.words(),
                            problems));
        }
    }

    private static void require(boolean fits, FieldPath path, Kind kind, String with, List<String> problems) {
        if (!fits) {
            problems.add(path + " is " + kind.words() + ", and cannot be compared with " + with
                    + (kind == Kind.DAY
                            ? "; write days as '2026-03-01'"
                            : kind == Kind.MOMENT ? "; write moments as '2026-03-01T10:00:00Z'" : ""));
        }
    }

    private static Optional<Integer> compare(Optional<Object> one, Optional<?> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        Object left = one.get();
        Object right = other.get();
        if (left instanceof LocalDate day && right instanceof LocalDate with) {
            return Optional.of(Integer.signum(day.compareTo(with)));
        }
        if (left instanceof Instant moment && right instanceof Instant with) {
            return Optional.of(moment.compareTo(with));
        }
        if (left instanceof Boolean flag && right instanceof Boolean with) {
            return Optional.of(flag.compareTo(with));
        }
        if (left instanceof Number || right instanceof Number) {
            return number(left).flatMap(number -> number(right).map(number::compareTo));
        }
        return Optional.of(Integer.signum(left.toString().compareTo(right.toString())));
    }

    /** Empty = it is none, or none that is finite. */
    private static Optional<BigDecimal> number(Object value) {
        if (value instanceof BigDecimal decimal) {
            return Optional.of(decimal);
        }
        if (value instanceof Integer || value instanceof Long) {
            return Optional.of(BigDecimal.valueOf(((Number) value).longValue()));
        }
        if (value instanceof Float || value instanceof Double) {
            double real = ((Number) value).doubleValue();
            return Double.isFinite(real) ? Optional.of(new BigDecimal(value.toString())) : Optional.empty();
        }
        return Optional.empty();
    }
}
