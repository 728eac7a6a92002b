package io.kappamesh.compare;

import io.kappamesh.Internal;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.declaration.DeclarationException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A difference that is meant to be there, as an operator declares it.
 *
 * @param port whose difference; empty = every port
 * @param kind how keys may differ
 * @param field of {@link DifferenceKind#CHANGED}: the fields that may, such as {@code lines[].quantity}, with {@code *} for any
 *     characters; {@code *} with any other kind
 */
@Internal
public record Expectation(Optional<PortAddress> port, DifferenceKind kind, String field) {
    private static final String CHANGED = "changed:";
    private static final Map<String, DifferenceKind> WORDS = Map.of(
            "only-serving", DifferenceKind.ONLY_SERVING,
            "only-candidate", DifferenceKind.ONLY_CANDIDATE,
            "timestamp", DifferenceKind.TIMESTAMP,
            "removed", DifferenceKind.REMOVED);

    /**
     * Reads an expectation from its text.
     *
     * @throws IllegalArgumentException when the text has another form; the message lists them
     */
    public static Expectation parse(String text) {
        int slash = text.indexOf('/');
        String what = text.substring(slash + 1);
        Optional<PortAddress> port;
        try {
            port = slash < 0 ? Optional.empty() : Optional.of(PortAddress.of(text.substring(0, slash)));
        } catch (DeclarationException malformed) {
            throw malformed(text, malformed);
        }
        if (what.startsWith(CHANGED) && what.length() > CHANGED.length()) {
            return new Expectation(port, DifferenceKind.CHANGED, what.substring(CHANGED.length()));
        }
        DifferenceKind kind = WORDS.get(what);
        if (kind == null) {
            throw malformed(text, null);
        }
        return new Expectation(port, kind, "*");
    }

    /** Whether the expectations together cover what was found: of a changed value every field, each by one of them. */
    static boolean cover(Collection<Expectation> expectations, PortAddress port, KeyComparison finding) {
        List<Expectation> relevant = expectations.stream()
                .filter(expectation -> expectation.kind == finding.kind())
                .filter(expectation -> expectation.port.map(port::equals).orElse(true))
                .toList();
        if (finding.kind() != DifferenceKind.CHANGED) {
            return !relevant.isEmpty();
        }
        Set<String> fields = finding.fields();
        return fields.stream().allMatch(field -> relevant.stream().anyMatch(one -> one.matches(field)));
    }

    private boolean matches(String changed) {
        return changed.matches(Pattern.quote(field).replace("*", "\\E.*\\Q"));
    }

    private static IllegalArgumentException malformed(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "expected difference '%s': must be only-serving, only-candidate, timestamp, removed, or changed:FIELD such as changed:lines[].quantity (* stands for any characters); for one port only, with the port in front, such as sales.orders.v1/only-serving"
                        .formatted(text),
                cause);
    }
}
