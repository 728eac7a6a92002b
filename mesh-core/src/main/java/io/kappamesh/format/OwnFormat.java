package io.kappamesh.format;

import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** A format that is a function of its user's. */
record OwnFormat<T extends IndexedRecord>(Class<T> type, Set<String> headers, ValueFormat.Decoder<T> decoder)
        implements ValueFormat {
    OwnFormat {
        headers = Set.copyOf(headers);
    }

    /** A function that takes headers too. */
    record WithHeaders<T>(HeaderDecoder<T> decoder) implements Decoder<T> {
        @Override
        public Result<T> decode(byte[] bytes) {
            return decoder.decode(bytes, Map.of());
        }

        @Override
        public Result<T> decode(byte[] bytes, Map<String, byte[]> headers) {
            return decoder.decode(bytes, headers);
        }
    }

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
