package io.kappamesh.condition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The way to a field: {@code lines[].price}.
 *
 * @param steps from the record on
 */
record FieldPath(List<Step> steps) {
    /**
     * @param field of a record
     * @param each whether each element of the array is meant that it holds
     */
    record Step(String field, boolean each) {
        @Override
        public String toString() {
            return each ? field + "[]" : field;
        }
    }

    FieldPath {
        steps = List.copyOf(steps);
    }

    boolean isMany() {
        return steps.stream().anyMatch(Step::each);
    }

    /** What stands there: one value, or one per element; empty = null, there or on the way. */
    List<Optional<Object>> values(IndexedRecord record) {
        List<Optional<Object>> found = new ArrayList<>();
        collect(record, 0, found);
        return found;
    }

    private void collect(@Nullable Object at, int depth, List<Optional<Object>> found) {
        if (depth == steps.size() || at == null) {
            found.add(Optional.ofNullable(at));
            return;
        }
        Step step = steps.get(depth);
        Schema.@Nullable Field field =
                at instanceof IndexedRecord record ? record.getSchema().getField(step.field()) : null;
        @Nullable Object value = field == null ? null : ((IndexedRecord) at).get(field.pos());
        if (step.each()) {
            if (value instanceof Collection<?> elements) {
                elements.forEach(element -> collect(element, depth + 1, found));
            }
        } else {
            collect(value, depth + 1, found);
        }
    }

    /** What kind of value stands there; empty, with the problem added, if a schema has no such field. */
    Optional<Kind> judge(Schema schema, List<String> problems) {
        List<Schema> at = List.of(schema);
        for (Step step : steps) {
            List<Schema> next = new ArrayList<>();
            for (Schema one : branches(at)) {
                Schema.@Nullable Field field = one.getType() == Schema.Type.RECORD ? one.getField(step.field()) : null;
                if (field != null) {
                    next.add(field.schema());
                }
            }
            if (step.each()) {
                next = branches(next).stream()
                        .filter(one -> one.getType() == Schema.Type.ARRAY)
                        .map(Schema::getElementType)
                        .collect(Collectors.toCollection(ArrayList::new));
            }
            if (next.isEmpty()) {
                problems.add(this + " does not exist in " + schema.getFullName()
                        + (step.each() ? ", or is no array at " : " from ") + step + " on; name a field of the record");
                return Optional.empty();
            }
            at = next;
        }
        List<Kind> kinds = branches(at).stream().map(Kind::of).distinct().toList();
        return Optional.of(kinds.size() == 1 ? kinds.get(0) : Kind.OTHER);
    }

    private static List<Schema> branches(List<Schema> schemas) {
        return schemas.stream()
                .flatMap(one -> one.getType() == Schema.Type.UNION ? one.getTypes().stream() : List.of(one).stream())
                .filter(one -> one.getType() != Schema.Type.NULL)
                .toList();
    }

    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining("."));
    }
}
