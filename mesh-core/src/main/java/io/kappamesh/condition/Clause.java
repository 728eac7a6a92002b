package io.kappamesh.condition;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** A condition or a part of one. Immutable and thread-safe. */
sealed interface Clause {
    boolean holds(IndexedRecord record);

    /** Adds what does not fit a schema. */
    void judge(Schema schema, List<String> problems);

    /** All hold. */
    record And(List<Clause> parts) implements Clause {
        @Override
        public boolean holds(IndexedRecord record) {
            return parts.stream().allMatch(part -> part.holds(record));
        }

        @Override
        public void judge(Schema schema, List<String> problems) {
            parts.forEach(part -> part.judge(schema, problems));
        }
    }

    /** One holds at the least. */
    record Or(List<Clause> parts) implements Clause {
        @Override
        public boolean holds(IndexedRecord record) {
            return parts.stream().anyMatch(part -> part.holds(record));
        }

        @Override
        public void judge(Schema schema, List<String> problems) {
            parts.forEach(part -> part.judge(schema, problems));
        }
    }

    /** Does not hold. */
    record Not(Clause part) implements Clause {
        @Override
        public boolean holds(IndexedRecord record) {
            return !part.holds(record);
        }

        @Override
        public void judge(Schema schema, List<String> problems) {
            part.judge(schema, problems);
        }
    }

    /** Every value at the path compares so with the operand. */
    record Compares(FieldPath path, Comparison comparison, Operand operand) implements Clause {
        @Override
        public boolean holds(IndexedRecord record) {
            return path.values(record).stream().allMatch(value -> {
                Optional<Integer> order = operand.order(value, record);
                return order.isPresent() && comparison.holds(order.get());
            });
        }

        @Override
        public void judge(Schema schema, List<String> problems) {
            path.judge(schema, problems)
                    .ifPresent(kind -> operand.judge(path, kind, comparison.isEquality(), schema, problems));
        }
    }

    /** Every value at the path is one of these. */
    record OneOf(FieldPath path, List<Operand> operands) implements Clause {
        @Override
        public boolean holds(IndexedRecord record) {
            return path.values(record).stream()
                    .allMatch(value -> operands.stream()
                            .anyMatch(operand -> operand.order(value, record)
                                    .filter(order -> order == 0)
                                    .isPresent()));
        }

        @Override
        public void judge(Schema schema, List<String> problems) {
            path.judge(schema, problems)
                    .ifPresent(kind -> operands.forEach(operand -> operand.judge(path, kind, true, schema, problems)));
        }
    }

    /** Every value at the path is null. */
    record IsNull(FieldPath path) implements Clause {
        @Override
        public boolean holds(IndexedRecord record) {
            return path.values(record).stream().allMatch(value -> value.isEmpty());
        }

        @Override
        public void judge(Schema schema, List<String> problems) {
            path.judge(schema, problems);
        }
    }

    /** Every value at the path is null, or text, an array or a map with nothing in it. */
    record IsEmpty(FieldPath path) implements Clause {
        @Override
        public boolean holds(IndexedRecord record) {
            return path.values(record).stream().allMatch(value -> isEmpty(value.orElse(null)));
        }

        private static boolean isEmpty(@Nullable Object value) {
            if (value == null) {
                return true;
            }
            if (value instanceof Collection<?> elements) {
                return elements.isEmpty();
            }
            if (value instanceof Map<?, ?> entries) {
                return entries.isEmpty();
            }
            return value instanceof ByteBuffer bytes
                    ? !bytes.hasRemaining()
                    : value.toString().isEmpty();
        }

        @Override
        public void judge(Schema schema, List<String> problems) {
            path.judge(schema, problems)
                    .filter(kind -> kind != Kind.TEXT && kind != Kind.CONTAINER)
                    .ifPresent(kind -> problems.add(path + " is " + kind.words()
                            + ", which is never empty; only text, bytes, arrays and maps are"));
        }
    }
}
