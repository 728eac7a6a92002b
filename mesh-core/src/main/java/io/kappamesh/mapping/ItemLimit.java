package io.kappamesh.mapping;

import io.kappamesh.Internal;
import io.kappamesh.avro.Projection;

/**
 * How much a value may be made of: all its items together may exceed its bytes by {@value Projection#FREE_ITEMS} items, as in Avro. What takes
 * more memory than a single value counts as {@value #OBJECT} bytes: a record, an array, a map, and an entry of a map. A field that gets a
 * default counts as one byte. So a value takes memory in proportion to its bytes, whatever they claim. For one thread and one value.
 */
@Internal
public final class ItemLimit {
    private static final int OBJECT = 8;

    private long left;

    /** @param bytes of the value */
    public ItemLimit(int bytes) {
        left = bytes + (long) OBJECT * Projection.FREE_ITEMS;
    }

    /** A record, an array or a map begins, or a map has one more entry. */
    public void object() throws MisfitException {
        take(OBJECT);
    }

    /** An array has one more item. */
    public void item() throws MisfitException {
        take(1);
    }

    /** Fields have values that are not in the bytes. */
    public void filled(int fields) throws MisfitException {
        take(fields);
    }

    private void take(int bytes) throws MisfitException {
        left -= bytes;
        if (left < 0) {
            throw new MisfitException("claims more items in arrays or maps than its bytes can hold");
        }
    }
}
