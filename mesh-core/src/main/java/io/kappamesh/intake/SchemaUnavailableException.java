package io.kappamesh.intake;

import io.kappamesh.Internal;
import org.apache.kafka.common.errors.RetriableException;

/** A record names a schema that is not known yet while the registry cannot be reached: a platform fault, to be tried again. */
@Internal
public final class SchemaUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    SchemaUnavailableException(String topic, int id, Throwable cause) {
        super("topic " + topic + ": schema id " + id + " cannot be looked up while the registry is unreachable", cause);
    }
}
