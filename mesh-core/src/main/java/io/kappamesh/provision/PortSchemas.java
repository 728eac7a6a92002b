package io.kappamesh.provision;

import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.registry.IncompatibleSchemaException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.RegisteredCodecs;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.RetriableException;

/** Schemas at start: registers those of owned ports, and sees to it that those of inputs can be read. */
public final class PortSchemas {
    private PortSchemas() {}

    /**
     * Registers the schemas of all owned ports, once the registry answers.
     *
     * @throws StartupException {@link ExitCode#CONTRACT} when one breaks its port's contract
     */
    public static RegisteredCodecs register(SchemaRegistry registry, RetryPolicy retries, List<DataProduct> products)
            throws InterruptedException {
        try {
            return retries.await("the schema registry", () -> RegisteredCodecs.register(registry, products));
        } catch (IncompatibleSchemaException incompatible) {
            throw new StartupException(ExitCode.CONTRACT, List.of(String.valueOf(incompatible.getMessage())));
        }
    }

    /**
     * Waits until every input has a schema, fetches all there are, so that a later outage of the registry changes nothing, and
     * checks that the product's readers can read them.
     *
     * @throws StartupException {@link ExitCode#CONTRACT} with every version that cannot be read
     */
    public static void awaitReadable(SchemaRegistry registry, RetryPolicy retries, DataProduct product)
            throws InterruptedException {
        List<String> problems = new ArrayList<>();
        for (InputPort<?> input : product.inputs()) {
            if (input.format().isPresent() || input.isExternal()) {
                continue; // nobody registers a schema under the port's name
            }
            String subject = input.address().valueSubject();
            retries.await("a schema of " + input.address(), () -> {
                if (registry.versions(subject).isEmpty()) {
                    throw new NotPublishedException("its owner has not registered " + subject + " yet");
                }
                return subject;
            });
            try {
                retries.await("the schema registry", () -> {
                    registry.requireReadable(subject, input.reader());
                    return subject;
                });
            } catch (IncompatibleSchemaException unreadable) {
                problems.add("product " + product.name() + ": " + unreadable.getMessage());
            }
        }
        StartupException.throwIfAny(ExitCode.CONTRACT, problems);
    }

    private static final class NotPublishedException extends RetriableException {
        private static final long serialVersionUID = 1L;

        NotPublishedException(String message) {
            super(message);
        }
    }
}
