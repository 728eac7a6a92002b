package io.kappamesh.status;

import io.kappamesh.Internal;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.settings.Settings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** What the control topics of products say. */
@Internal
public final class ProductRecords {
    private final Admin admin;
    private final Settings settings;
    private final Map<ProductName, ControlSnapshot> read = new ConcurrentHashMap<>();
    private volatile List<String> leftOut = List.of();

    public ProductRecords(Admin admin, Settings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** All products that ever ran, by name. */
    public List<ProductLifecycle> all() throws ExecutionException, InterruptedException {
        return read(ControlTopic.products(admin));
    }

    /**
     * The products of a domain, by name.
     *
     * @throws LifecycleException when no product of that domain ever ran
     */
    public List<ProductLifecycle> of(String domain) throws ExecutionException, InterruptedException {
        NavigableSet<ProductName> known = ControlTopic.products(admin);
        List<ProductName> some =
                known.stream().filter(one -> one.domain().equals(domain)).toList();
        if (some.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "domain " + domain + ": none of its products has a control topic on " + settings.bootstrapServers()
                            + "; products that have one: " + known
                            + ". Processes create it when they start; one that this principal may not DESCRIBE is not among them");
        }
        return read(some);
    }

    /**
     * One product.
     *
     * @throws LifecycleException when it never ran
     */
    public ProductLifecycle of(ProductName product) throws ExecutionException, InterruptedException {
        if (!TopicAdmin.exists(admin, ControlTopic.of(product))) {
            NavigableSet<ProductName> known = ControlTopic.products(admin);
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "product " + product + ": there is no topic " + ControlTopic.of(product) + " on "
                            + settings.bootstrapServers() + "; products that have one: " + known
                            + ". Its processes create it when they start");
        }
        return snapshot(List.of(product))
                .lifecycle(product)
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "product " + product + ": never ran; its processes have begun nothing yet"));
    }

    /** Why the last process that ended a generation did so, as of when its product was read last. */
    Optional<Failure> failure(Generation generation) {
        return Optional.ofNullable(read.get(generation.product())).flatMap(snapshot -> snapshot.failure(generation));
    }

    /** Of which products it could not be told at the last look what is decided, and why. */
    public List<String> leftOut() {
        return leftOut;
    }

    private List<ProductLifecycle> read(Collection<ProductName> products) {
        ControlSnapshot now = snapshot(products);
        leftOut = now.unknown().values().stream()
                .map(why -> String.valueOf(why.getMessage()))
                .toList();
        return now.lifecycles();
    }

    private ControlSnapshot snapshot(Collection<ProductName> products) {
        ControlSnapshot now = ControlSnapshot.read(products, settings.client());
        products.forEach(product -> read.put(product, now));
        return now;
    }
}
