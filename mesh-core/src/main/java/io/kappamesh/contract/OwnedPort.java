package io.kappamesh.contract;

import io.kappamesh.declaration.DeclarationException;
import org.apache.avro.generic.IndexedRecord;

/** A port whose topic this domain creates, configures and answers for. */
public sealed interface OwnedPort<V extends IndexedRecord> extends ReadablePort<V> permits OutputPort, SourcePort {

    /**
     * What is promised.
     *
     * @throws DeclarationException if the port's declaration is invalid, with all problems
     */
    PortContract<V> contract();

    @Override
    default PortAddress address() {
        return contract().address();
    }
}
