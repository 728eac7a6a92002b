package io.kappamesh.declaration;

import io.kappamesh.Internal;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one declaration, so that all of it is reported together. Not thread-safe. */
@Internal
public final class Problems {
    private final String where;
    private final List<String> found = new ArrayList<>();

    public Problems(String where) {
        this.where = where;
    }

    public void add(String problem) {
        found.add(where + ": " + problem);
    }

    public void unless(boolean holds, String problem) {
        if (!holds) {
            add(problem);
        }
    }

    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new DeclarationException(found);
        }
    }
}
