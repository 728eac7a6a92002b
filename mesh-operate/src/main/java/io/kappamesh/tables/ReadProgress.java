package io.kappamesh.tables;

/** Is told how far a reading is, every now and then and once at the end. Called on the thread that asked for the reading. */
@FunctionalInterface
public interface ReadProgress {
    /** Nobody wants to know. */
    ReadProgress NONE = (done, target) -> {};

    /**
     * Where it stands.
     *
     * @param done records passed, in offsets; what was compacted away and control records are among them
     * @param target records to pass, in offsets
     */
    void at(long done, long target);
}
