package io.kappamesh.provision;

import io.kappamesh.brokers.Brokers;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.PortContract;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of some products: creates what they own and lacks, and waits for what they read and others own. An existing topic is
 * compared and never altered. Several processes may do the same at once. One thread at a time.
 */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private final Admin admin;
    private final Brokers brokers;
    private final RetryPolicy retries;

    public Topics(Admin admin, RetryPolicy retries) {
        this.admin = admin;
        this.brokers = new Brokers(admin);
        this.retries = retries;
    }

    /**
     * Makes ready everything that the products read and write. Nothing is created while something that exists is wrong, and
     * no dead-letter topic before the inputs are there.
     *
     * @return the number of partitions of every input
     * @throws StartupException {@link ExitCode#CONTRACT} with all drift of owned topics; {@link ExitCode#CONFIGURATION} when
     *     declarations contradict each other or brokers refuse to create a topic; {@link ExitCode#PLATFORM} when brokers did not answer in time
     */
    public Map<String, Integer> prepare(List<DataProduct> products) throws InterruptedException {
        Map<String, PortContract<?>> ports = OwnedTopics.ports(products);
        List<TopicSpec> owned =
                ports.values().stream().<TopicSpec>map(OwnedTopics::of).toList();
        List<TopicSpec> deadLetters =
                products.stream().map(OwnedTopics::deadLetters).toList();
        StartupException.throwIfAny(ExitCode.CONTRACT, drift(owned(products)));

        create(owned);
        awaitForeign(products);
        provision(deadLetters);
        StartupException.throwIfAny(ExitCode.CONTRACT, drift(owned));
        return partitions(inputs(products));
    }

    /**
     * Creates what the products own before any generation runs, ports and dead letters, without waiting for anybody else's.
     *
     * @throws StartupException as {@link #prepare} does
     */
    public void provisionOwned(List<DataProduct> products) throws InterruptedException {
        provision(owned(products));
    }

    private static List<TopicSpec> owned(List<DataProduct> products) {
        List<TopicSpec> owned = new ArrayList<>(OwnedTopics.ports(products).values().stream()
                .<TopicSpec>map(OwnedTopics::of)
                .toList());
        products.stream().map(OwnedTopics::deadLetters).forEach(owned::add);
        return owned;
    }

    /**
     * Creates what is missing and compares the rest.
     *
     * @throws StartupException {@link ExitCode#CONTRACT} with all drift
     */
    void provision(Collection<TopicSpec> specs) throws InterruptedException {
        create(specs);
        StartupException.throwIfAny(ExitCode.CONTRACT, drift(specs));
    }

    /** Waits until every input exists that none of the products owns. Creates nothing. */
    void awaitForeign(List<DataProduct> products) throws InterruptedException {
        Set<String> foreign = inputs(products);
        foreign.removeAll(OwnedTopics.ports(products).keySet());
        retries.await("inputs that other products own", () -> {
            Set<String> missing = new TreeSet<>(foreign);
            missing.removeAll(brokers.partitions(foreign).keySet());
            if (!missing.isEmpty()) {
                throw new UnknownTopicOrPartitionException("their owners have not created " + missing + " yet");
            }
            return foreign;
        });
    }

    /** The number of partitions of topics that exist, or are about to be seen by all brokers. */
    Map<String, Integer> partitions(Set<String> topics) throws InterruptedException {
        return retries.await("the brokers, to describe " + topics, () -> {
            Map<String, Integer> partitions = brokers.partitions(topics);
            if (!partitions.keySet().containsAll(topics)) {
                throw new UnknownTopicOrPartitionException("not all of them are known yet");
            }
            return new TreeMap<>(partitions);
        });
    }

    static Set<String> inputs(List<DataProduct> products) {
        return products.stream().flatMap(Topics::inputs).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> inputs(DataProduct product) {
        return product.inputs().stream().map(InputPort::topics).flatMap(List::stream);
    }

    /** What has drifted, of those that exist. */
    private List<String> drift(Collection<TopicSpec> specs) throws InterruptedException {
        return retries.await("the brokers, to describe topics", () -> {
            Map<String, Integer> partitions =
                    brokers.partitions(specs.stream().map(TopicSpec::name).toList());
            Map<String, UnaryOperator<@Nullable String>> configs = brokers.configs(partitions.keySet());
            List<String> found = new ArrayList<>();
            for (TopicSpec spec : specs) {
                Integer count = partitions.get(spec.name());
                UnaryOperator<@Nullable String> config = configs.get(spec.name());
                if (count != null && config != null) {
                    found.addAll(spec.drift(count, config));
                }
            }
            return found;
        });
    }

    private void create(Collection<TopicSpec> specs) throws InterruptedException {
        List<String> refused = retries.await("the brokers, to create topics", () -> {
            Set<String> existing = brokers.partitions(
                            specs.stream().map(TopicSpec::name).toList())
                    .keySet();
            List<TopicSpec> missing = specs.stream()
                    .filter(spec -> !existing.contains(spec.name()))
                    .toList();
            Map<String, KafkaFuture<Void>> created = admin.createTopics(
                            missing.stream().map(TopicSpec::asNewTopic).toList())
                    .values();
            List<String> problems = new ArrayList<>();
            for (Map.Entry<String, KafkaFuture<Void>> topic : created.entrySet()) {
                created(topic.getKey(), topic.getValue(), problems);
            }
            return problems;
        });
        StartupException.throwIfAny(ExitCode.CONFIGURATION, refused);
        partitions(specs.stream().map(TopicSpec::name).collect(Collectors.toSet()));
    }

    private static void created(String topic, KafkaFuture<Void> result, List<String> problems)
            throws ExecutionException, InterruptedException {
        try {
            result.get();
            LOG.info("Created topic {}", topic);
        } catch (ExecutionException failed) {
            Throwable why = failed.getCause();
            if (why instanceof AuthorizationException) { // which is an invalid configuration too, for Kafka
                problems.add("topic " + topic
                        + ": these credentials may not create it; grant Create on it (`acls` prints the least"
                        + " rights), or let a deployer run `provision` first");
            } else if (why instanceof PolicyViolationException
                    || why instanceof InvalidConfigurationException
                    || why instanceof InvalidPartitionsException
                    || why instanceof InvalidTopicException) {
                problems.add("topic " + topic + ": the brokers refuse to create it (" + why.getMessage()
                        + "); change the declaration or the brokers' policy");
            } else if (why instanceof TopicAuthorizationException) {
                throw Brokers.refused("CREATE", topic);
            } else if (!(why instanceof TopicExistsException)) {
                throw failed;
            }
        }
    }
}
