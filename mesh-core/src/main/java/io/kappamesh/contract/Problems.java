package io.kappamesh.contract;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one declaration, so that all of it is reported together. Not thread-safe. */
final class Problems {
    private final String where;
    private final List<String> found = new ArrayList<>();

    Problems(String where) {
        this.where = where;
    }

    void add(String problem) {
        found.add(where + ": " + problem);
    }

    void unless(boolean holds, String problem) {
        if (!holds) {
            add(problem);
        }
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new DeclarationException(found);
        }
    }
}
