package io.kappamesh.columns;

import java.util.Collection;

/** How many elements an array has that has a table of its own: null and an array without elements are told apart by it. */
record ElementCount() implements ColumnType {
    @Override
    public String sql() {
        return "integer";
    }

    @Override
    public void write(Object value, CopyText out) {
        out.number(value instanceof Collection<?> elements ? elements.size() : 0);
    }

    @Override
    public boolean holds(Object value, String text) {
        return value instanceof Collection<?> elements && text.equals(Integer.toString(elements.size()));
    }
}
