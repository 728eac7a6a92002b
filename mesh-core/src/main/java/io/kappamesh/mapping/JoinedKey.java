package io.kappamesh.mapping;

import io.kappamesh.Internal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The text of a key that is made of several fields. Stateless. */
@Internal
public final class JoinedKey {
    private static final String BETWEEN = "|";

    private JoinedKey() {}

    /**
     * The texts of the fields with {@code |} between them.
     *
     * @param parts null = the key has no such field
     * @return empty = one is missing, or one of several holds a {@code |}, so that two keys could become one text
     */
    public static Optional<String> of(List<? extends @Nullable String> parts) {
        for (@Nullable String part : parts) {
            if (part == null || (parts.size() > 1 && part.contains(BETWEEN))) {
                return Optional.empty();
            }
        }
        return Optional.of(String.join(BETWEEN, parts));
    }
}
