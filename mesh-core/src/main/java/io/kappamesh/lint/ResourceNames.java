package io.kappamesh.lint;

import io.kappamesh.contract.DataProduct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.errors.TopologyException;

/**
 * Reads out of Kafka Streams' refusal which stores and internal topics have no name. It tells them in the message only
 * ({@code InternalTopologyBuilder.checkUnprovidedNames}, read in 4.4.0): a line per kind, with the generated names.
 */
final class ResourceNames {
    private static final Pattern LINE =
            Pattern.compile("Following (changelog|state store|repartition)[^:]*has not been named: (.+)");
    private static final String CHANGELOG = "-changelog";

    private ResourceNames() {}

    static boolean isRefusal(TopologyException refused) {
        return LINE.matcher(String.valueOf(refused.getMessage())).find();
    }

    /** One for each store, and for each topic that is not the changelog of such a store. */
    static List<Finding> findings(DataProduct product, TopologyException refused) {
        Set<String> stores = new TreeSet<>();
        Set<String> repartitions = new TreeSet<>();
        Set<String> changelogs = new TreeSet<>();
        Matcher lines = LINE.matcher(String.valueOf(refused.getMessage()));
        while (lines.find()) {
            List<String> names =
                    Arrays.stream(lines.group(2).split(",")).map(String::strip).toList();
            switch (lines.group(1)) {
                case "state store" -> stores.addAll(names);
                case "repartition" -> repartitions.addAll(names);
                default -> changelogs.addAll(names);
            }
        }
        changelogs.removeIf(topic ->
                topic.endsWith(CHANGELOG) && stores.contains(topic.substring(0, topic.length() - CHANGELOG.length())));
        List<Finding> findings = new ArrayList<>();
        stores.forEach(name -> findings.add(finding(product, name, "is a store with a generated name")));
        changelogs.forEach(name -> findings.add(finding(product, name, "is a changelog with a generated name")));
        repartitions.forEach(name -> findings.add(finding(product, name, "is a repartition with a generated name")));
        return findings;
    }

    private static Finding finding(DataProduct product, String name, String what) {
        return new Finding(product.name(), Rule.UNNAMED_STATE, name, what);
    }
}
