package io.kappamesh.provision;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.PortKind;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.level.ServiceLevels;
import io.kappamesh.provision.TopicSpec.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/** Which topics products own, and what has to be true of them for what they promise. */
public final class OwnedTopics {
    /**
     * For so long a value that was overwritten is not compacted away, so that two generations can be compared. Brokers count it from
     * the record's timestamp, which is event time: it protects what happens now, not what a replay writes about the past; there
     * only the active segment (64 MiB) is safe.
     */
    static final Duration OVERWRITTEN_KEPT = Duration.ofHours(1);

    /** A reader that takes longer than this from the first record to the last may miss that a key was deleted. */
    static final Duration DELETIONS_KEPT = Duration.ofDays(7);

    /** Large enough that restarts and compaction handle few files, small enough that little is left uncompacted. */
    static final int SEGMENT_BYTES = 64 * 1024 * 1024;

    /** Key, headers and batch around the largest value. */
    static final int AROUND_A_VALUE = 64 * 1024;

    /** Kafka's own default: less would split the batches of small records. */
    static final int SMALLEST_LIMIT = 1024 * 1024 + 12;

    private static final long UNLIMITED = -1L;

    private OwnedTopics() {}

    /**
     * The ports that are owned, by topic.
     *
     * @throws StartupException when two products publish one port, or declare one topic differently
     */
    public static Map<String, PortContract<?>> ports(Collection<DataProduct> products) {
        Map<String, PortContract<?>> ports = new TreeMap<>();
        Map<String, ProductName> declaredBy = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (DataProduct product : products) {
            for (InputPort<?> input : product.inputs()) {
                input.source()
                        .filter(source -> !source.isExternal())
                        .map(SourcePort::contract)
                        .ifPresent(contract -> {
                            String topic = contract.address().toString();
                            PortContract<?> other = ports.putIfAbsent(topic, contract);
                            ProductName before = declaredBy.putIfAbsent(topic, product.name());
                            if (other != null && !of(other).equals(of(contract))) {
                                problems.add("topic " + topic + ": " + before + " and " + product.name()
                                        + " declare it differently; share one declaration");
                            }
                        });
            }
        }
        for (DataProduct product : products) {
            for (OutputPort<?> output : product.outputs()) {
                String topic = output.address().toString();
                ports.putIfAbsent(topic, output.contract());
                ProductName before = declaredBy.putIfAbsent(topic, product.name());
                if (before != null) {
                    problems.add("topic " + topic + ": " + before + " and " + product.name()
                            + " both own it; one product publishes a port");
                }
            }
        }
        StartupException.throwIfAny(ExitCode.CONFIGURATION, problems);
        return ports;
    }

    /** The topic of an owned port. */
    public static TopicSpec of(PortContract<?> port) {
        Map<String, Wanted> configs = lasting(Math.max(SMALLEST_LIMIT, port.maxRecordBytes() + AROUND_A_VALUE));
        if (port.kind() == PortKind.TABLE) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, Wanted.exactly(TopicConfig.CLEANUP_POLICY_COMPACT));
            configs.put(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Wanted.atLeast(OVERWRITTEN_KEPT.toMillis()));
            configs.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, Wanted.atLeast(DELETIONS_KEPT.toMillis()));
        } else {
            deleting(configs, port.levels());
        }
        port.compression()
                .ifPresent(declared ->
                        configs.put(TopicConfig.COMPRESSION_TYPE_CONFIG, Wanted.exactly(declared.ofTopic())));
        return new TopicSpec(port.address().toString(), port.partitions(), configs);
    }

    /** The topic that keeps what a product refused: one partition, forever, with room for whatever its producer can write. */
    static TopicSpec deadLetters(DataProduct product) {
        Map<String, Wanted> configs = lasting(RecordLimit.of(product).bytes());
        deleting(configs, ServiceLevels.DEFAULT);
        return new TopicSpec(product.name().deadLetterTopic(), 1, configs);
    }

    private static void deleting(Map<String, Wanted> configs, ServiceLevels levels) {
        long retention = levels.retention().map(Duration::toMillis).orElse(UNLIMITED);
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, Wanted.exactly(TopicConfig.CLEANUP_POLICY_DELETE));
        configs.put(TopicConfig.RETENTION_MS_CONFIG, Wanted.exactly(retention));
        configs.put(TopicConfig.RETENTION_BYTES_CONFIG, Wanted.exactly(UNLIMITED));
    }

    /** Record timestamps are event time: nothing may roll a segment, or refuse a record, because of how old it is. */
    private static Map<String, Wanted> lasting(int largestBatch) {
        Map<String, Wanted> configs = new HashMap<>();
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Wanted.atLeast(largestBatch));
        configs.put(TopicConfig.SEGMENT_BYTES_CONFIG, Wanted.exactly(Math.max(SEGMENT_BYTES, largestBatch)));
        configs.put(TopicConfig.SEGMENT_MS_CONFIG, Wanted.exactly(Long.MAX_VALUE));
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, Wanted.exactly("CreateTime"));
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Wanted.exactly(Long.MAX_VALUE));
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Wanted.exactly(Long.MAX_VALUE));
        return configs;
    }
}
