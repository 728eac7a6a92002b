package io.kappamesh.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Operations that a principal may do on one resource of a Kafka cluster, or on all whose names begin alike. Read, Write and Delete imply
 * Describe, which is therefore not listed beside them.
 *
 * @param resource topic, group, transactional id or cluster
 * @param pattern literal or prefixed
 * @param name the resource's name, or what the names begin with
 * @param operations not empty
 */
public record AccessRule(ResourceType resource, PatternType pattern, String name, List<AclOperation> operations) {
    private static final String ANY_HOST = "*";
    private static final String CLUSTER = "kafka-cluster";

    public AccessRule {
        operations = operations.stream().sorted().toList();
    }

    static AccessRule onPrefix(ResourceType resource, String prefix, AclOperation... operations) {
        return new AccessRule(resource, PatternType.PREFIXED, prefix, List.of(operations));
    }

    static AccessRule on(ResourceType resource, String name, AclOperation... operations) {
        return new AccessRule(resource, PatternType.LITERAL, name, List.of(operations));
    }

    static AccessRule onCluster(AclOperation... operations) {
        return new AccessRule(ResourceType.CLUSTER, PatternType.LITERAL, CLUSTER, List.of(operations));
    }

    /**
     * The same as bindings, one for each operation.
     *
     * @param principal {@code User:sales}
     */
    public List<AclBinding> bindings(String principal) {
        return operations.stream()
                .map(operation -> new AclBinding(
                        new ResourcePattern(resource, name, pattern),
                        new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW)))
                .toList();
    }

    /**
     * The command of Kafka that grants it.
     *
     * @param bootstrapServers as for {@code --bootstrap-server}
     * @param principal {@code User:sales}
     */
    public String command(String bootstrapServers, String principal) {
        String allowed = operations.stream()
                .map(operation -> "--operation " + word(operation.name()))
                .collect(Collectors.joining(" "));
        return "kafka-acls.sh --bootstrap-server " + bootstrapServers + " --add --allow-principal " + quoted(principal)
                + " " + allowed + " " + where();
    }

    private String where() {
        if (resource == ResourceType.CLUSTER) {
            return "--cluster";
        }
        String option = "--" + resource.name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + name;
        return pattern == PatternType.PREFIXED ? option + " --resource-pattern-type prefixed" : option;
    }

    /** {@code DESCRIBE_CONFIGS} as {@code DescribeConfigs}. */
    private static String word(String constant) {
        return Arrays.stream(constant.split("_", -1))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** For a shell: a principal of TLS has spaces and commas in it. */
    private static String quoted(String principal) {
        return principal.matches("[A-Za-z0-9:._@-]+") ? principal : "'" + principal.replace("'", "'\\''") + "'";
    }
}
