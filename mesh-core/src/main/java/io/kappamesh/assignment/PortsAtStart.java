package io.kappamesh.assignment;

import io.kappamesh.brokers.Pending;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.PortMismatch;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.platform.Platform;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a build that cannot go on because of the ports that it publishes, before a topic is made or a schema registered for it. What cannot be read now is asked again by
 * {@link Generations}, which decides. Stateless.
 */
public final class PortsAtStart {
    private static final Logger LOG = LoggerFactory.getLogger(PortsAtStart.class);

    private PortsAtStart() {}

    /**
     * Demands that the build may go on.
     *
     * @param build its name; waited for only where it matters
     * @throws StartupException {@link ExitCode#CONTRACT} when it may not
     */
    public static void require(
            Platform platform, RetryPolicy retries, DataProduct product, Selection selection, Pending<String> build)
            throws InterruptedException {
        ProductName name = product.name();
        boolean isKnown = retries.await(
                "the brokers, to list control topics",
                () -> ControlTopic.products(platform.admin()).contains(name));
        Optional<ProductLifecycle> now = isKnown ? read(platform, name) : Optional.empty();
        if (now.isEmpty()) {
            return;
        }
        List<String> outputs = product.outputs().stream()
                .map(output -> output.address().topic())
                .toList();
        if (now.get().live().stream()
                .noneMatch(one -> misfit(now.get(), one, outputs).isPresent())) {
            return;
        }
        Optional<PortMismatch> refused = refused(now.get(), outputs, selection, build.answer());
        if (refused.isPresent()) {
            throw new StartupException(
                    ExitCode.CONTRACT,
                    List.of("product " + name + ": " + refused.get().sentence(name) + ". Nothing is changed"));
        }
    }

    private static Optional<ProductLifecycle> read(Platform platform, ProductName product) {
        try {
            return ControlSnapshot.read(List.of(product), platform.settings().client())
                    .lifecycle(product);
        } catch (KafkaException later) {
            LOG.debug("{}: what is decided cannot be read yet", product, later);
            return Optional.empty();
        }
    }

    /** As the {@link Assigner} would decide, as far as ports are concerned. */
    static Optional<PortMismatch> refused(
            ProductLifecycle now, List<String> outputs, Selection selection, String build) {
        if (selection.candidate()) {
            return selection.number().isEmpty()
                    ? Optional.empty()
                    : now.live().stream()
                            .filter(one -> one.number() == selection.number().getAsInt())
                            .flatMap(one -> misfit(now, one, outputs).stream())
                            .findFirst();
        }
        List<GenerationRecord> own =
                now.live().stream().filter(one -> one.build().equals(build)).toList();
        Stream<GenerationRecord> goesOn = own.isEmpty() ? now.serving().stream() : own.stream();
        return goesOn.flatMap(one -> misfit(now, one, outputs).stream()).findFirst();
    }

    private static Optional<PortMismatch> misfit(
            ProductLifecycle now, GenerationRecord generation, List<String> outputs) {
        return PortMismatch.of(now, generation, outputs);
    }
}
