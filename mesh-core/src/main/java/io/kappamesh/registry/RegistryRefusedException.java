package io.kappamesh.registry;

import org.apache.kafka.common.errors.AuthorizationException;

/** The schema registry, or the issuer of tokens for it, refuses our credentials. Waiting does not help. */
public final class RegistryRefusedException extends AuthorizationException {

    private static final long serialVersionUID = 1;

    RegistryRefusedException(String message) {
        super(message);
    }

    RegistryRefusedException(String message, Exception cause) {
        super(message, cause);
    }
}
