package io.kappamesh.access;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;

import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a domain touches on the brokers, and so the least rights that its work needs. Everything that a domain writes begins with its name, so that one
 * prefixed rule for each kind of resource covers what it owns. The rules were found by trial on brokers with
 * {@code StandardAuthorizer}. An immutable value.
 *
 * @param domain {@code sales}
 * @param inputs topics of others that its products read
 * @param outputs its public topics
 * @param others products of others that may read them, by which {@code plan} tells what a promotion reaches
 */
public record DomainAccess(String domain, Set<String> inputs, Set<String> outputs, Set<ProductName> others) {

    public DomainAccess {
        String own = domain + ".";
        inputs = Set.copyOf(
                inputs.stream().filter(topic -> !topic.startsWith(own)).toList());
        outputs = Set.copyOf(outputs);
        others = Set.copyOf(
                others.stream().filter(one -> !one.domain().equals(domain)).toList());
    }

    /**
     * As products declare it.
     *
     * @param products of one domain
     * @param others products of others that may read from them
     */
    public static DomainAccess of(String domain, Collection<DataProduct> products, Set<ProductName> others) {
        Set<String> inputs = new TreeSet<>();
        Set<String> outputs = new TreeSet<>();
        for (DataProduct product : products) {
            product.inputs().forEach(input -> inputs.addAll(input.topics()));
            product.outputs().forEach(output -> outputs.add(output.address().toString()));
        }
        return new DomainAccess(domain, inputs, outputs, others);
    }

    /**
     * The least rights for a duty.
     *
     * @param group the consumer group of a {@link Duty#CONSUMER}; of no matter to others
     */
    public List<AccessRule> rules(Duty duty, String group) {
        return switch (duty) {
            case PROVISION -> provision();
            case RUN -> run();
            case OPERATOR -> operator();
            case INGEST -> ingest();
            case CONSUMER -> consumer(group);
        };
    }

    private List<AccessRule> provision() {
        return List.of(AccessRule.onPrefix(TOPIC, prefix(), CREATE, DESCRIBE, DESCRIBE_CONFIGS));
    }

    /** Repartition topics are purged as they are read, which is what Delete is for. */
    private List<AccessRule> run() {
        return and(
                inputs.stream().sorted().map(input -> AccessRule.on(TOPIC, input, READ, DESCRIBE_CONFIGS)),
                AccessRule.onPrefix(TOPIC, prefix(), CREATE, DESCRIBE_CONFIGS, READ, WRITE, DELETE),
                AccessRule.onPrefix(GROUP, prefix(), READ),
                AccessRule.onPrefix(TRANSACTIONAL_ID, prefix(), WRITE));
    }

    /** Sizes in a plan are the only thing for which the cluster is asked. */
    private List<AccessRule> operator() {
        return and(
                Stream.concat(
                        inputs.stream().sorted().map(input -> AccessRule.on(TOPIC, input, READ, DESCRIBE_CONFIGS)),
                        others.stream().map(ControlTopic::of).sorted().map(topic -> AccessRule.on(TOPIC, topic, READ))),
                AccessRule.onPrefix(TOPIC, prefix(), CREATE, DESCRIBE_CONFIGS, READ, WRITE, DELETE),
                AccessRule.onPrefix(GROUP, prefix(), READ, DELETE),
                AccessRule.onPrefix(TRANSACTIONAL_ID, prefix(), WRITE),
                AccessRule.onCluster(DESCRIBE));
    }

    /** Reads the catalogue and positions; writes ports, dead letters and positions, whose topics it creates. */
    private List<AccessRule> ingest() {
        return List.of(
                AccessRule.onPrefix(TOPIC, prefix(), CREATE, DESCRIBE_CONFIGS, READ, WRITE),
                AccessRule.onPrefix(TRANSACTIONAL_ID, prefix(), WRITE));
    }

    private List<AccessRule> consumer(String group) {
        return and(
                Stream.concat(
                        outputs.stream().sorted().map(output -> AccessRule.on(TOPIC, output, READ)),
                        Stream.of(AccessRule.on(TOPIC, CatalogTopic.of(domain), READ))),
                AccessRule.on(GROUP, group, READ));
    }

    private String prefix() {
        return domain + ".";
    }

    private static List<AccessRule> and(Stream<AccessRule> more, AccessRule... rules) {
        List<AccessRule> all = new ArrayList<>(List.of(rules));
        more.forEach(all::add);
        return List.copyOf(all);
    }
}
