package io.kappamesh.contract;

import io.kappamesh.declaration.DeclarationException;
import org.apache.avro.generic.IndexedRecord;

/**
 * What a product can read: its domain's own ports as they are, and the ports of others as an {@link InputPort}.
 *
 * <p>Any port can be read as a table and by its changes, because its owner may correct it. An {@link EventSource} can be read as a stream
 * of facts besides, because nobody takes those back.
 */
public sealed interface ReadablePort<V extends IndexedRecord> permits InputPort, OwnedPort {

    /**
     * The topic, with the contract's major version.
     *
     * @throws DeclarationException if the port was not declared as it should be, with every problem of it
     */
    PortAddress address();

    /**
     * The topic in Kafka, or the first of several: the address, unless a source {@linkplain SourceBuilder#topic says otherwise}.
     *
     * @throws DeclarationException if the port was not declared as it should be, with every problem of it
     */
    default String topic() {
        return address().topic();
    }

    /**
     * The port as its readers see it: address, schema, event time, key and rules.
     *
     * @throws DeclarationException if the port was not declared as it should be, with every problem of it
     */
    InputPort<V> asInput();
}
