package io.kappamesh.replay;

import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.control.ProductLifecycle;
import io.kappamesh.runtime.ExitCode;
import io.kappamesh.runtime.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** What the control topics of all domains say. */
final class Domains {
    private final Admin admin;
    private final Settings settings;

    Domains(Admin admin, Settings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** All products that ever ran, by name. */
    List<ProductLifecycle> all() throws ExecutionException, InterruptedException {
        List<ProductLifecycle> all = new ArrayList<>();
        for (String domain : ControlTopic.domains(admin)) {
            all.addAll(read(domain));
        }
        return all;
    }

    /**
     * The products of a domain, by name.
     *
     * @throws LifecycleException when no product of that domain ever ran
     */
    List<ProductLifecycle> of(String domain) throws ExecutionException, InterruptedException {
        Set<String> known = ControlTopic.domains(admin);
        if (!known.contains(domain)) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "domain " + domain + ": there is no topic " + ControlTopic.of(domain) + " on "
                            + settings.bootstrapServers() + "; domains that have one: " + known
                            + ". Its processes create it when they start");
        }
        return read(domain);
    }

    /**
     * One product.
     *
     * @throws LifecycleException when it never ran
     */
    ProductLifecycle of(ProductName product) throws ExecutionException, InterruptedException {
        List<ProductLifecycle> domain = of(product.domain());
        return domain.stream()
                .filter(one -> one.product().equals(product.toString()))
                .findFirst()
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "product " + product + ": never ran; products of " + product.domain() + " that did: "
                                + domain.stream().map(ProductLifecycle::product).toList()));
    }

    private List<ProductLifecycle> read(String domain) {
        return ControlSnapshot.read(domain, settings.client()).lifecycles().stream()
                .sorted(Comparator.comparing(ProductLifecycle::product))
                .toList();
    }
}
