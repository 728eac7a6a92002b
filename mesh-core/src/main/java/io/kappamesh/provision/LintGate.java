package io.kappamesh.provision;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.lint.Finding;
import io.kappamesh.lint.Linter;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
     *     every port that is declared and not wired; {@link ExitCode#BUG} when a wiring throws
     */
    public static void require(Settings settings, List<StreamingProduct> products) {
        List<String> problems = new ArrayList<>();
        products.forEach(product -> problems.addAll(problems(product, settings.streams())));
        StartupException.throwIfAny(ExitCode.CONFIGURATION, problems);
        products.forEach(product -> tellExemptions(product.product()));
    }

    private static List<String> problems(StreamingProduct product, Map<String, Object> streamsConfig) {
        try {
            return Linter.lint(product, streamsConfig).stream()
                    .map(Finding::message)
                    .toList();
        } catch (DeclarationException refused) {
            return refused.problems();
        } catch (RuntimeException bug) {
            String what = "product " + product.product().name() + ": its topology cannot be put together: " + bug;
            LOG.error(what, bug);
            throw new StartupException(ExitCode.BUG, what, bug);
        }
    }

    private static void tellExemptions(DataProduct product) {
        product.exemptions().forEach(exemption -> LOG.warn("{} is exempt from {}", product.name(), exemption));
    }
}
