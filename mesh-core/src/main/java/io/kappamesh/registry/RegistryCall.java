package io.kappamesh.registry;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;

/** One request to the registry. */
@FunctionalInterface
interface RegistryCall<R> {

    R send() throws IOException, RestClientException;
}
