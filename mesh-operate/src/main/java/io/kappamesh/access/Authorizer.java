package io.kappamesh.access;

import io.kappamesh.Internal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What brokers say about rights on topics. Brokers that have an authorizer hide topics that one may not describe, so that whoever lists
 * topics does not know what is missing. An immutable value.
 */
@Internal
public final class Authorizer {
    private final boolean present;
    private final Optional<List<AclBinding>> rights;

    private Authorizer(boolean present, Optional<List<AclBinding>> rights) {
        this.present = present;
        this.rights = rights;
    }

    /** That of the brokers; listing rights takes DESCRIBE on the cluster, and brokers log an error for whoever tries without it. */
    public static Authorizer of(Admin admin) throws ExecutionException, InterruptedException {
        if (!mayDescribe(admin)) {
            return new Authorizer(true, Optional.empty());
        }
        AclBindingFilter topics = new AclBindingFilter(
                new ResourcePatternFilter(ResourceType.TOPIC, null, PatternType.ANY), AccessControlEntryFilter.ANY);
        try {
            return new Authorizer(
                    true,
                    Optional.of(List.copyOf(admin.describeAcls(topics).values().get())));
        } catch (ExecutionException failed) {
            Throwable fault = failed.getCause();
            if (fault instanceof SecurityDisabledException) {
                return new Authorizer(false, Optional.empty());
            }
            if (fault instanceof AuthorizationException || fault instanceof UnsupportedVersionException) {
                return new Authorizer(true, Optional.empty());
            }
            throw failed;
        }
    }

    /** What one may do with a cluster is only told to who may describe it. Without an authorizer everybody may. */
    private static boolean mayDescribe(Admin admin) throws ExecutionException, InterruptedException {
        Set<AclOperation> operations = admin.describeCluster(
                        new DescribeClusterOptions().includeAuthorizedOperations(true))
                .authorizedOperations()
                .get();
        return operations == null || operations.contains(AclOperation.DESCRIBE);
    }

    static Authorizer with(Collection<AclBinding> rights) {
        return new Authorizer(true, Optional.of(List.copyOf(rights)));
    }

    /** Whether topics may be there that brokers hide. */
    public boolean mayHide() {
        return present;
    }

    /**
     * Who may read one of these topics and not write it, sorted; who is denied it by another rule is among them. Empty = brokers do not
     * say. Super users have no rule.
     */
    public Optional<Set<String>> readers(Collection<String> topics) {
        return rights.map(all -> {
            Set<String> readers = new TreeSet<>();
            for (String topic : topics) {
                Set<String> some = principals(all, topic, AclOperation.READ);
                some.removeAll(principals(all, topic, AclOperation.WRITE));
                readers.addAll(some);
            }
            return readers;
        });
    }

    private static Set<String> principals(List<AclBinding> all, String topic, AclOperation operation) {
        Set<String> principals = new TreeSet<>();
        for (AclBinding one : all) {
            boolean allows = one.entry().permissionType() == AclPermissionType.ALLOW
                    && (one.entry().operation() == operation || one.entry().operation() == AclOperation.ALL);
            if (allows && covers(one.pattern(), topic)) {
                principals.add(one.entry().principal());
            }
        }
        return principals;
    }

    private static boolean covers(ResourcePattern pattern, String topic) {
        return pattern.patternType() == PatternType.PREFIXED
                ? topic.startsWith(pattern.name())
                : pattern.name().equals(topic) || pattern.name().equals(ResourcePattern.WILDCARD_RESOURCE);
    }
}
