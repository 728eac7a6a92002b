package io.kappamesh.export;

import java.io.IOException;
import org.apache.avro.generic.IndexedRecord;

/** A file of rows under way. One thread. */
interface RowFile extends AutoCloseable {
    /**
     * Adds a row.
     *
     * @param row of the schema with which the file was made, in Avro's own types, which {@link RowValues#misfit} has nothing against
     */
    void add(IndexedRecord row) throws IOException;

    /** Writes what is left. */
    @Override
    void close() throws IOException;
}
