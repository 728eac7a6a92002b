package io.kappamesh.ingest;

import io.kappamesh.writers.IngestStep;
import io.kappamesh.writers.WriteLog;
import java.util.function.BiConsumer;

/**
 * Where writers tell what they do. Thread-safe.
 *
 * @param meters count it
 * @param steps is told of each step, and which writer has reached it
 */
record IngestLog(IngestMeters meters, BiConsumer<Integer, IngestStep> steps) implements WriteLog {
    @Override
    public void reached(int writer, IngestStep step) {
        steps.accept(writer, step);
    }

    @Override
    public void committed(long rows, long written, long refused, long live) {
        meters.committed(rows, written, refused, live);
    }
}
