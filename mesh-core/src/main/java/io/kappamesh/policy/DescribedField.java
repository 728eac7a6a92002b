package io.kappamesh.policy;

import java.util.Optional;

/**
 * A field of a published port's records, also one inside of another. An immutable value.
 *
 * @param path {@code lines[].tax}
 * @param type in Avro's words, with its logical type: {@code null | decimal(12,2)}
 * @param doc empty = nobody has written it
 * @param classification as the schema says it, {@code public} included; empty = it says nothing
 */
public record DescribedField(String path, String type, String doc, Optional<String> classification) {

    /** Its name, without what it is inside of. */
    public String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
