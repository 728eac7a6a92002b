package io.kappamesh.provision;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.policy.DescribedProduct;
import io.kappamesh.policy.Policies;
import io.kappamesh.policy.Severity;
import io.kappamesh.policy.Violation;
import io.kappamesh.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets only products in that are as the policies ask, and says of the others where they are not. Stateless. */
public final class PolicyGate {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyGate.class);

    private PolicyGate() {}

    /**
     * Judges all products before anything of any of them is created. A violation of a policy that only warns is logged: one line for each policy
     * of a product.
     *
     * @throws StartupException {@link ExitCode#CONFIGURATION} with every violation of a policy that refuses, and when the policies themselves
     *     are not in order
     */
    public static void require(Settings settings, List<DataProduct> products) {
        List<String> refused = new ArrayList<>();
        for (DataProduct product : products) {
            Map<String, List<Violation>> warnings = new LinkedHashMap<>();
            for (Violation one : violations(settings, product)) {
                if (one.severity() == Severity.REFUSE) {
                    refused.add(one.message());
                } else {
                    warnings.computeIfAbsent(one.policy(), policy -> new ArrayList<>())
                            .add(one);
                }
            }
            warnings.values().forEach(all -> warn(product, all));
        }
        StartupException.throwIfAny(ExitCode.CONFIGURATION, refused);
    }

    private static void warn(DataProduct product, List<Violation> all) {
        if (all.size() == 1) {
            LOG.warn("{}", all.get(0).message());
        } else {
            LOG.warn(
                    "{}; and {} more places of {} like it, which the command `check` lists",
                    all.get(0).message(),
                    all.size() - 1,
                    product.name());
        }
    }

    private static List<Violation> violations(Settings settings, DataProduct product) {
        try {
            return violations(
                    Policies.load().with(settings.policies()),
                    product,
                    ProductDescription.of(product, null, "", Map.of()));
        } catch (DeclarationException notInOrder) {
            throw new StartupException(ExitCode.CONFIGURATION, notInOrder.problems());
        }
    }

    /**
     * Where a product that is declared here is not as policies ask.
     *
     * @param described the same product
     */
    public static List<Violation> violations(Policies policies, DataProduct product, ProductDescription described) {
        Map<String, Duration> retentions = new HashMap<>();
        product.inputs()
                .forEach(input -> input.source()
                        .flatMap(source -> source.contract().levels().retention())
                        .ifPresent(kept -> retentions.put(input.address().toString(), kept)));
        return policies.violations(DescribedProduct.of(described, retentions));
    }

    /** What the policies of this process say of a product, for the catalogue. They have let it in: one that fails now ends nothing. */
    public static List<ProductDescription.Breach> breaches(Settings settings, DataProduct product) {
        try {
            return violations(settings, product).stream()
                    .map(one -> new ProductDescription.Breach(
                            one.policy(), one.severity().name().toLowerCase(Locale.ROOT), one.message()))
                    .toList();
        } catch (StartupException notInOrder) {
            LOG.warn("What policies say of {} is not in the catalogue: {}", product.name(), notInOrder.getMessage());
            return List.of();
        }
    }
}
