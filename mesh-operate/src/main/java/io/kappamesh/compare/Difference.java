package io.kappamesh.compare;

import io.kappamesh.Internal;
import io.kappamesh.tables.Latest;
import org.jspecify.annotations.Nullable;

/**
 * One key that differs, with all that is needed to correct it.
 *
 * @param kind how it differs
 * @param expected whether that was declared beforehand
 * @param partition where the key is
 * @param key of the records; nobody changes the array
 * @param serving what the serving generation says; null = nothing, one without a value = that the key is deleted
 * @param candidate the same of the candidate
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, and no key of anything
@Internal
public record Difference(
        DifferenceKind kind,
        boolean expected,
        int partition,
        byte[] key,
        @Nullable Latest serving,
        @Nullable Latest candidate) {}
