package io.kappamesh.contract;

import io.kappamesh.declaration.DeclarationException;
import org.apache.avro.generic.IndexedRecord;

/**
 * A port that a product can read: a port of its own domain, or an {@link InputPort} for a port of another domain. Immutable and thread-safe.
 *
 * <p>You can read any port as a table or as a stream of changes, because its owner may correct it. You can also read an {@link EventSource} as a
 * stream of facts, because they are final.
 *
 * @param <V> the class of the values
 */
public sealed interface ReadablePort<V extends IndexedRecord> permits InputPort, OwnedPort {

    /**
     * The domain, the name and the major version of the port.
     *
     * @throws DeclarationException if the port's declaration is invalid, with all problems
     */
    PortAddress address();

    /**
     * The topic in Kafka, or the first of several: the address, unless {@link SourceBuilder#topic} names another one.
     *
     * @throws DeclarationException if the port's declaration is invalid, with all problems
     */
    default String topic() {
        return address().topic();
    }

    /**
     * The port as its readers see it: address, schema, event time, key and rules.
     *
     * @throws DeclarationException if the port's declaration is invalid, with all problems
     */
    InputPort<V> asInput();
}
