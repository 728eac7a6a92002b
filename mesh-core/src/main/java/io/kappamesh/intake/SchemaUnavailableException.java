package io.kappamesh.intake;

import io.kappamesh.Internal;
import org.apache.kafka.common.errors.RetriableException;

/** A record has a schema id that is not known yet, and the registry cannot be reached: a fault of the platform, which is retried. */
@Internal
public final class SchemaUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    SchemaUnavailableException(String topic, int id, Throwable cause) {
        super("topic " + topic + ": schema id " + id + " cannot be looked up while the registry is unreachable", cause);
    }
}
