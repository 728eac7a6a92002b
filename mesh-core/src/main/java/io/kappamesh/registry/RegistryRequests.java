package io.kappamesh.registry;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * Sends requests to the registry, and says what their failures mean.
 *
 * @param addresses of the registry, as they can be shown
 */
record RegistryRequests(String addresses) {
    private static final int NOT_FOUND = 404;

    /**
     * The answer; empty if the registry says that the thing does not exist.
     *
     * @throws RegistryUnavailableException for anything that may be otherwise later
     * @throws RegistryRefusedException if the registry refuses access
     * @throws IncompatibleSchemaException if the registry refuses the schema
     */
    <R> Optional<R> answer(String what, RegistryCall<R> call) {
        try {
            return Optional.of(call.send());
        } catch (RestClientException e) {
            if (saysAbsent(e)) {
                return Optional.empty();
            }
            if (e.getStatus() == 409 || e.getStatus() == 422) {
                throw new IncompatibleSchemaException(
                        "%s: refused by the registry (%d): %s".formatted(what, e.getErrorCode(), e.getMessage()), e);
            }
            throw fault(what, e);
        } catch (RegistryRefusedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new RegistryUnavailableException("%s: the registry does not answer".formatted(what), e);
        }
    }

    /** What an answer means that is neither a result nor about a schema. */
    KafkaException fault(String what, RestClientException e) {
        if (e.getStatus() == 401) {
            return new RegistryRefusedException(
                    "%s: the registry does not take the credentials (401); see basic.auth.… and bearer.auth.…"
                            .formatted(what));
        }
        if (e.getStatus() == 403) {
            return new RegistryRefusedException(
                    "%s: the registry knows us and forbids it (403); ask its owner for the right".formatted(what));
        }
        if (e.getStatus() == NOT_FOUND) {
            return new RegistryUnavailableException(
                    "%s: %s answered 404 as no registry does; look at the path of schema.registry.url, such as %s for Apicurio"
                            .formatted(what, addresses, "/apis/ccompat/v7"),
                    e);
        }
        return new RegistryUnavailableException("%s: the registry answered %d".formatted(what, e.getStatus()), e);
    }

    /**
     * Whether it is the registry itself that does not know the thing. Its own codes for that are 404 followed by two digits; a
     * bare 404 comes from something else behind a wrong URL, and must not turn good records into dead letters.
     */
    static boolean saysAbsent(RestClientException e) {
        return e.getStatus() == NOT_FOUND && e.getErrorCode() / 100 == NOT_FOUND;
    }
}
