package io.kappamesh.provision;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.lint.Finding;
import io.kappamesh.lint.LintReport;
import io.kappamesh.lint.Linter;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets only products in whose replay would equal live, as far as that can be seen in their topologies and their code. */
public final class LintGate {
    private static final Logger LOG = LoggerFactory.getLogger(LintGate.class);

    private LintGate() {}

    /**
     * Looks at all products before anything of any of them is created.
     *
     * @throws StartupException {@link ExitCode#CONFIGURATION} with every finding of every product that is not declared as deliberate, and
     *     every port that is declared and not wired; {@link ExitCode#BUG} when a wiring throws. What the linter cannot judge, because
     *     this version of Kafka Streams is not what it knows, is logged and refuses nothing
     */
    public static void require(Settings settings, List<StreamingProduct> products) {
        List<String> problems = new ArrayList<>();
        Set<String> unjudged = new LinkedHashSet<>();
        products.forEach(product -> problems.addAll(problems(product, settings.streams(), unjudged)));
        StartupException.throwIfAny(ExitCode.CONFIGURATION, problems);
        tellUnjudged(unjudged);
        products.forEach(product -> tellExemptions(product.product()));
    }

    private static List<String> problems(
            StreamingProduct product, Map<String, Object> streamsConfig, Set<String> unjudged) {
        try {
            LintReport report = Linter.report(product, streamsConfig);
            unjudged.addAll(report.unjudged());
            return report.findings().stream().map(Finding::message).toList();
        } catch (DeclarationException refused) {
            return refused.problems();
        } catch (RuntimeException bug) {
            String what = "product " + product.product().name() + ": its topology cannot be put together: " + bug;
            LOG.error(what, bug);
            throw new StartupException(ExitCode.BUG, what, bug);
        }
    }

    /** A product that ran until Kafka Streams was updated goes on; what the linter can say of it no more is for its tests to show. */
    private static void tellUnjudged(Set<String> unjudged) {
        if (!unjudged.isEmpty()) {
            LOG.warn(
                    "Not judged whether a replay equals live: {}; {}. Run the proof of the products with this version",
                    String.join("; ", unjudged),
                    Linter.versions());
        } else if (!Linter.knowsThisVersion()) {
            LOG.warn("Found nothing that is not as the linter knows it, but {}", Linter.versions());
        }
    }

    private static void tellExemptions(DataProduct product) {
        product.exemptions().forEach(exemption -> LOG.warn("{} is exempt from {}", product.name(), exemption));
    }
}
