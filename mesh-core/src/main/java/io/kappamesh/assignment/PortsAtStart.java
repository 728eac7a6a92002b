package io.kappamesh.assignment;

import io.kappamesh.brokers.Pending;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.PortMismatch;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.RetiredPort;
import io.kappamesh.platform.Platform;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
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
        Optional<ProductLifecycle> now =
                isKnown(platform.admin(), retries, name) ? read(platform, name) : Optional.empty();
        if (now.isEmpty()) {
            return;
        }
        List<String> outputs = topics(product);
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

    /** Whether anything was ever decided about the product. */
    private static boolean isKnown(Admin admin, RetryPolicy retries, ProductName product) throws InterruptedException {
        return retries.await(
                "the brokers, to list control topics",
                () -> ControlTopic.products(admin).contains(product));
    }

    private static List<String> topics(DataProduct product) {
        return product.outputs().stream()
                .map(output -> output.address().topic())
                .toList();
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

    /**
     * Demands that no topic would be made again that was deleted with its retired port: it would have no history, and a replay makes it with all of it. Credentials that may
     * not read what is decided are told so.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws StartupException {@link ExitCode#CONTRACT} when one would be
     */
    public static void requireNoneDeleted(
            Admin admin, Map<String, Object> client, RetryPolicy retries, DataProduct product)
            throws InterruptedException {
        ProductName name = product.name();
        if (!isKnown(admin, retries, name)) {
            return;
        }
        try {
            Set<String> deleted = ControlSnapshot.read(List.of(name), client)
                    .lifecycle(name)
                    .map(now -> deleted(now, topics(product)))
                    .orElse(Set.of());
            if (!deleted.isEmpty()) {
                throw new StartupException(
                        ExitCode.CONTRACT,
                        List.of("product " + name + ": this build publishes " + deleted
                                + ", which is retired and whose topic is deleted, so that it would begin in the middle of the history; run `replay "
                                + name + "` with this build, which makes it. Nothing is changed"));
            }
        } catch (KafkaException unreadable) {
            LOG.warn(
                    "{}: whether it publishes a port whose topic is deleted is not known: {}",
                    name,
                    Causes.of(unreadable));
        }
    }

    /** Of these ports those that are retired, whose topics are deleted, and that no generation has. */
    static Set<String> deleted(ProductLifecycle now, Collection<String> outputs) {
        Set<String> deleted = new TreeSet<>(outputs);
        deleted.removeIf(
                port -> now.retiredPort(port).filter(RetiredPort::isDeleted).isEmpty());
        now.live().forEach(one -> deleted.removeAll(one.outputs()));
        return deleted;
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
