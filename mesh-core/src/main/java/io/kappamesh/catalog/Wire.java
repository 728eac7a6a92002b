package io.kappamesh.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What another version of the library wrote may lack anything. Stateless. */
final class Wire {
    private Wire() {}

    /** @throws IllegalArgumentException with the field's name, if it is missing */
    static <T> T require(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("has no " + field);
        }
        return value;
    }

    static <T> List<T> list(@Nullable List<T> elements) {
        return elements == null ? List.of() : List.copyOf(elements);
    }
}
