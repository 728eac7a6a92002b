package io.kappamesh.contract;

import org.apache.avro.generic.IndexedRecord;

/** A port whose topic this domain creates, configures and answers for. */
public sealed interface OwnedPort<V extends IndexedRecord> permits OutputPort, SourcePort {

    /** What is promised. */
    PortContract<V> contract();

    default PortAddress address() {
        return contract().address();
    }

    /** The port as its readers see it: same address, schema and event time. */
    InputPort<V> asInput();
}
