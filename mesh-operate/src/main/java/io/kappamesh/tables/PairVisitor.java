package io.kappamesh.tables;

import org.jspecify.annotations.Nullable;

/** Takes what two topics say of one key. */
@FunctionalInterface
public interface PairVisitor {
    /**
     * One key.
     *
     * @param partition where it is
     * @param key of the records
     * @param from null = the first topic has no record of it; one without a value = it was deleted there
     * @param to the same of the second topic
     */
    void visit(int partition, byte[] key, @Nullable Latest from, @Nullable Latest to);

    /**
     * Whether it is enough to know that both topics say the same of a key, to the byte and the timestamp: asked for each such key that has a
     * value, where all keys are gone through. False = {@link #visit} is called for it too.
     */
    default boolean equal() {
        return false;
    }
}
