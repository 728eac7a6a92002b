package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import org.apache.avro.generic.IndexedRecord;

/** Declares a published port. */
final class OutputBuilder<V extends IndexedRecord> extends PortBuilder<V, OutputPort<V>> {
    OutputBuilder(String address, PortKind kind, Class<V> type) {
        super(address, kind, type);
    }

    @Override
    OutputPort<V> finish(Declared<PortContract<V>> contract) {
        return new OutputPort<>(contract);
    }
}
