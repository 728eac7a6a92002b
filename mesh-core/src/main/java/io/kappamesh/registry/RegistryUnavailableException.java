package io.kappamesh.registry;

import org.apache.kafka.common.errors.RetriableException;

/** The schema registry gives no answer. Try again later; to Kafka's own code this is retriable too. */
public final class RegistryUnavailableException extends RetriableException {

    private static final long serialVersionUID = 1;

    public RegistryUnavailableException(String message, Exception cause) {
        super(message, cause);
    }

    public RegistryUnavailableException(String message) {
        super(message);
    }
}
