package io.kappamesh.compare;

/**
 * A place inside a value.
 *
 * @param exact with positions and map keys: {@code lines[1].quantity}
 * @param general without: {@code lines[].quantity}, the same for all values of a schema
 */
record FieldPath(String exact, String general) {
    static final FieldPath ROOT = new FieldPath("", "");

    FieldPath field(String name) {
        return exact.isEmpty() ? new FieldPath(name, name) : new FieldPath(exact + "." + name, general + "." + name);
    }

    FieldPath element(Object positionOrKey) {
        return new FieldPath(exact + "[" + positionOrKey + "]", general + "[]");
    }
}
