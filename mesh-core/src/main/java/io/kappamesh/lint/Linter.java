package io.kappamesh.lint;

import io.kappamesh.Internal;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.topology.AssembledProduct;
import io.kappamesh.topology.Assembly;
import io.kappamesh.topology.CommitPacing;
import io.kappamesh.topology.Destinations;
import io.kappamesh.topology.StreamingProduct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.TopologyException;

/**
 * Finds what in a product would make a replay differ from live: in its topology, in its configuration, and in the code that the
 * topology runs. Needs neither brokers nor a registry. Stateless and thread-safe.
 */
public final class Linter {
    private static final String NONE = "none:1";

    private Linter() {}

    /**
     * Wires the product once more, and looks.
     *
     * @param streamsConfig the configuration it will run with; application id and brokers may be missing
     * @return what is neither right nor declared as deliberate, in a fixed order; empty = replay equals live, as far as this can be seen
     * @throws io.kappamesh.declaration.DeclarationException when a declared port is not wired
     * @throws IllegalStateException when something cannot be judged, because this version of Kafka Streams is not what the linter knows
     */
    public static List<Finding> lint(StreamingProduct product, Map<String, ?> streamsConfig) {
        LintReport report = report(product, streamsConfig);
        if (!report.unjudged().isEmpty()) {
            throw new IllegalStateException(versions() + "; it cannot judge: " + String.join("; ", report.unjudged()));
        }
        return report.findings();
    }

    /** Which Kafka Streams is here, and which versions the linter was tested with: half a sentence. */
    @Internal
    public static String versions() {
        return "this is Kafka Streams " + StreamsInternals.version() + "; the linter was tested with "
                + String.join(", ", new TreeSet<>(StreamsInternals.TESTED_WITH));
    }

    /** Whether the linter was tested with the Kafka Streams that is here. */
    @Internal
    public static boolean knowsThisVersion() {
        return StreamsInternals.TESTED_WITH.contains(StreamsInternals.version());
    }

    /**
     * The same, of a product that is to run: what cannot be judged is told and refuses nothing.
     *
     * @throws io.kappamesh.declaration.DeclarationException when a declared port is not wired
     */
    @Internal
    public static LintReport report(StreamingProduct product, Map<String, ?> streamsConfig) {
        Map<String, Object> config = complete(product, streamsConfig);
        try (WiringCodecs codecs = new WiringCodecs()) {
            Set<Finding> findings = new LinkedHashSet<>(ConfigurationRules.findings(product.product(), config));
            TopologyProbe.Seen seen = new TopologyProbe.Seen();
            Map<String, Object> witnessed = TopologyProbe.configured(config, seen);
            AssembledProduct assembled = assembled(product, witnessed, codecs, seen, findings);
            TopologyRules rules = new TopologyRules(product.product(), assembled, seen);
            findings.addAll(rules.findings());
            codecs.wiring()
                    .ifPresent(wiring -> findings.addAll(
                            CodeRules.findings(product.product(), ReachableCode.from(wiring, product))));
            List<String> unjudged = new ArrayList<>();
            StreamsInternals.missingOperators().forEach(gone -> unjudged.add("there is no class " + gone));
            unjudged.addAll(rules.unjudged());
            return new LintReport(ExemptionFilter.apply(product.product(), new ArrayList<>(findings)), unjudged);
        }
    }

    /** The topology with its names, or, after a finding for each that is missing, without. */
    private static AssembledProduct assembled(
            StreamingProduct product,
            Map<String, Object> config,
            WiringCodecs codecs,
            TopologyProbe.Seen seen,
            Set<Finding> findings) {
        try {
            return assembled(product, config, codecs, true);
        } catch (TopologyException refused) {
            if (!ResourceNames.isRefusal(refused)) {
                throw refused;
            }
            findings.addAll(ResourceNames.findings(product.product(), refused));
            seen.clear();
            return assembled(product, config, codecs, false);
        }
    }

    /** The topology as it will run, of a product in which nothing was found. */
    @Internal
    public static AssembledProduct assembled(
            StreamingProduct product, Map<String, ?> streamsConfig, WiringCodecs codecs) {
        return assembled(product, complete(product, streamsConfig), codecs, true);
    }

    private static Map<String, Object> complete(StreamingProduct product, Map<String, ?> streamsConfig) {
        Map<String, Object> config = new HashMap<>(streamsConfig);
        config.putIfAbsent(
                StreamsConfig.APPLICATION_ID_CONFIG, product.product().name().toString());
        config.putIfAbsent(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, NONE);
        return config;
    }

    private static AssembledProduct assembled(
            StreamingProduct product, Map<String, Object> config, WiringCodecs codecs, boolean named) {
        Map<String, Object> all = new HashMap<>(config);
        all.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, named);
        return Assembly.assemble(product, all, codecs, Destinations.PUBLIC, ProductObserver.NONE, CommitPacing.NONE);
    }
}
