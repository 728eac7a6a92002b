package io.kappamesh.schema;

import io.kappamesh.Internal;

/**
 * One reason why a reader's schema cannot take all data of a writer's.
 *
 * @param path of the field, from the record's name on: {@code Order.lines[].price}
 * @param rule that does not hold
 * @param why what the two schemas have there, to follow the path
 */
@Internal
public record SchemaGap(String path, SchemaRule rule, String why) {

    /** A sentence that begins with the path. */
    public String sentence() {
        return path + " " + why;
    }
}
