package io.kappamesh.format;

import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** A format that is a function of its user's. */
record OwnFormat<T extends IndexedRecord>(Class<T> type, ValueFormat.Decoder<T> decoder) implements ValueFormat {

    @Override
    @SuppressWarnings("unchecked") // the class was checked just before
    public <V extends IndexedRecord> Decoder<V> decoder(Class<V> asked, Schema schema) {
        if (!asked.equals(type)) {
            throw new DeclarationException(List.of("format of " + type.getName() + ": does not read " + asked.getName()
                    + "; give the port a format of its own class"));
        }
        return (Decoder<V>) decoder;
    }
}
