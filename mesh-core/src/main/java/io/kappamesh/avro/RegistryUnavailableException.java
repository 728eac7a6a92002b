package io.kappamesh.avro;

import org.apache.kafka.common.errors.RetriableException;

/** The schema registry gives no answer. Try again later; to Kafka's own code this is retriable too. */
public final class RegistryUnavailableException extends RetriableException {

    private static final long serialVersionUID = 1;

    RegistryUnavailableException(String message, Exception cause) {
        super(message, cause);
    }

    RegistryUnavailableException(String message) {
        super(message);
    }
}
