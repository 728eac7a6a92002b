package io.kappamesh.evolution;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a port breaks. An immutable value.
 *
 * @param port its address
 * @param consumer the product that it breaks; null = it is the port's own promise
 * @param field the path of the field: {@code Order.lines[].price}; null = it is not about one field
 * @param rule a stable name of what does not hold any more: {@code field-without-default}
 * @param what which two versions, and what they have there
 * @param remedy what to do, other than publishing a new major version
 */
public record Breach(
        String port, @Nullable String consumer, @Nullable String field, String rule, String what, String remedy) {

    /** A promise about the key is taken back. */
    static final String KEY_DROPPED = "key-dropped";

    /** A promise about records is taken back. */
    static final String RULE_DROPPED = "rule-dropped";

    /** Records are kept for a shorter time. */
    static final String RETENTION = "retention";

    private static final Set<String> TAKEN_BACK = Set.of(KEY_DROPPED, RULE_DROPPED, RETENTION);

    /**
     * Whether less is promised, and nothing is another. A build that was deployed before a promise was added promises less too, and must be able to
     * start again.
     */
    public boolean isTakenBack() {
        return TAKEN_BACK.contains(rule);
    }

    /** All of it in one sentence. */
    public String message() {
        return "port " + port + (consumer == null ? "" : ", read by " + consumer) + ": " + what + " [" + rule + "]; "
                + remedy;
    }
}
