package io.kappamesh.export;

import io.kappamesh.avro.AvroType;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.cut.Progress;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.settings.Settings;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.KeylessRecords;
import io.kappamesh.tables.LatestRecords;
import io.kappamesh.tables.PairVisitor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The latest value of each key of a port at a cut, on the local disk. One thread at a time. */
final class PortTable implements AutoCloseable {
    private final Settings settings;
    private final PortAddress address;
    private final Admin admin;
    private final SchemaRegistry registry;
    private final LatestRecords latest;

    PortTable(Settings settings, PortAddress address, KeylessRecords keyless) {
        this.settings = settings;
        this.address = address;
        this.admin = LazyAdmin.of(settings.admin());
        this.registry = SchemaRegistry.connect(settings.registry());
        this.latest = LatestRecords.open(settings.stateDir().resolve("export"), settings.client(), keyless);
    }

    /** The newest version of the contract. */
    RegisteredSchema contract() {
        List<RegisteredSchema> versions = registry.versions(address.valueSubject());
        if (versions.isEmpty()) {
            throw refused("the registry has no schema under " + address.valueSubject()
                    + "; check the port's address and schema.registry.url, or provision its product");
        }
        RegisteredSchema newest = versions.get(versions.size() - 1);
        if (newest.schema().getType() != Schema.Type.RECORD) {
            throw refused("version " + newest.version() + " of its schema is no record but "
                    + newest.schema().getType().getName());
        }
        return newest;
    }

    AvroDecoder<Object> decoder(Schema contract) {
        return new AvroDecoder<>(AvroType.raw(contract), registry);
    }

    /** Reads the topic up to a cut that is taken when most of it has been read already, so that little is written behind it meanwhile. */
    ExportReport.Cut read(Progress progress) throws ExecutionException, InterruptedException {
        String topic = address.topic();
        String topicId = topicId();
        Optional<Duration> kept = deletionsKept();
        long began = System.nanoTime();
        latest.read(topic, committed(), progress::progress);
        Instant at = Instant.now();
        Map<Integer, Long> ends = committed();
        latest.read(topic, ends, (done, target) -> {});
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        latest.readLater(topic, (done, target) -> {});
        if (!topicId().equals(topicId)) {
            throw refused("the topic was made anew while it was read; export it again");
        }
        if (kept.filter(most -> took.compareTo(most) >= 0).isPresent()) {
            throw refused(
                    "reading it took " + took.toSeconds() + " s, and deletions are kept for " + kept.get()
                            + " only (delete.retention.ms), so that rows may be here that were deleted; raise it, and export again");
        }
        return new ExportReport.Cut(topicId, at, ends);
    }

    /** In the order of partitions and keys. */
    void forEach(PairVisitor visitor) {
        latest.forEachPair(address.topic(), address.topic(), KeyScope.ALL, visitor);
    }

    /** Whether a key was written again behind the cut. */
    boolean isWrittenAgain(int partition, byte[] key) {
        return latest.isOvertaken(address.topic(), partition, key);
    }

    /** The generation that serves; empty = the catalogue does not say, or may not be read. */
    Optional<Integer> generation() {
        try (Discovery discovery = Discovery.connect(settings)) {
            return discovery
                    .catalog()
                    .port(address.toString())
                    .flatMap(port -> port.product().serving().stream()
                            .map(serving -> serving.number())
                            .findFirst());
        } catch (LifecycleException unknown) {
            return Optional.empty();
        }
    }

    private String topicId() throws ExecutionException, InterruptedException {
        try {
            return TopicAdmin.descriptions(admin, List.of(address.topic()))
                    .values()
                    .iterator()
                    .next()
                    .topicId()
                    .toString();
        } catch (ExecutionException failed) {
            if (Causes.chain(failed).anyMatch(UnknownTopicOrPartitionException.class::isInstance)) {
                throw refused("the topic does not exist; check the port's address and bootstrap.servers, or provision"
                        + " its product");
            }
            throw failed;
        }
    }

    private Map<Integer, Long> committed() throws ExecutionException, InterruptedException {
        Map<Integer, Long> ends = new TreeMap<>();
        for (Map.Entry<TopicPartition, Long> end :
                TopicEnds.committed(admin, List.of(address.topic())).entrySet()) {
            ends.put(end.getKey().partition(), end.getValue());
        }
        return ends;
    }

    private Optional<Duration> deletionsKept() throws ExecutionException, InterruptedException {
        Config config = TopicAdmin.configs(admin, List.of(address.topic())).get(address.topic());
        ConfigEntry cleanup = config == null ? null : config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        ConfigEntry kept = config == null ? null : config.get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
        return cleanup == null || kept == null || !cleanup.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Long.parseLong(kept.value())));
    }

    private LifecycleException refused(String why) {
        return new LifecycleException(ExitCode.CONTRACT, "port " + address + ": " + why);
    }

    @Override
    public void close() {
        try {
            latest.close();
        } finally {
            registry.close();
            admin.close(Duration.ZERO);
        }
    }
}
