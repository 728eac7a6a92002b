package io.kappamesh.compare;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of one key found.
 *
 * @param kind how it differs; null = it does not
 * @param changes in what, if both have a value
 */
record KeyComparison(@Nullable DifferenceKind kind, List<FieldChange> changes) {
    static final KeyComparison EQUAL = new KeyComparison(null, List.of());

    static KeyComparison of(DifferenceKind kind) {
        return new KeyComparison(kind, List.of());
    }

    boolean isEqual() {
        return kind == null;
    }

    /** The fields that differ, such as {@code lines[].quantity}, each once. */
    Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        changes.forEach(change -> fields.add(change.path().general()));
        return fields;
    }
}
