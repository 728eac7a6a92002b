package io.kappamesh.intake;

import io.kappamesh.Internal;
import org.jspecify.annotations.Nullable;

/**
 * An admitted record of a port whose records are known by another text than the bytes of their own keys.
 *
 * @param key the text
 * @param value null = the key is deleted
 */
@Internal
public record Rekeyed<V>(String key, @Nullable V value) {}
