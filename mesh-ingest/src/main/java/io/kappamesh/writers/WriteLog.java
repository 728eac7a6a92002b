package io.kappamesh.writers;

/** Is told of what writers do. Thread-safe. */
public interface WriteLog {
    /** A writer, counted from 0, has reached a step. */
    void reached(int writer, IngestStep step);

    /** A transaction is committed. */
    void committed(long rows, long written, long refused, long live);
}
