package io.kappamesh.handover;

import io.kappamesh.Internal;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.KeyRule;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.registry.RegistryUnavailableException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.Codecs;
import io.kappamesh.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * The topic of a port, read for a proof of the hand-over. For one thread.
 *
 * @param port of one topic
 * @param key what the key of each row of the archive is
 * @param retries waits for brokers and registry
 * @param isStopped is asked several times a second
 * @param trouble is told what is waited for while records are read; empty = nothing any more
 */
@Internal
public record ComparedTopic<V extends IndexedRecord>(
        Settings settings,
        SourcePort<V> port,
        KeyRule<V> key,
        RetryPolicy retries,
        BooleanSupplier isStopped,
        Consumer<Optional<String>> trouble) {
    private static final Duration TO_READ = Duration.ofMinutes(1);
    private static final String REGISTRY = "the schema registry";

    /**
     * Counts all committed records.
     *
     * @return the partitions whose first records the brokers have deleted
     * @throws LifecycleException when the topic cannot be read to its end
     * @throws KafkaException when the brokers refuse it
     * @throws InterruptedException when it is stopped
     */
    public Set<Integer> read(Admin admin, HandOverProof proof) throws InterruptedException {
        List<String> topic = List.of(port.topic());
        try (SchemaRegistry registry = SchemaRegistry.connect(settings.registry())) {
            Function<byte[], Optional<V>> reader = reader(registry);
            CommittedReaders.readTo(
                    settings.client(),
                    retries.await("the brokers", () -> TopicEnds.committed(admin, topic)),
                    TO_READ,
                    isStopped,
                    record -> take(record, reader, proof));
            return retries.await("the brokers", () -> TopicEnds.beginnings(admin, topic)).entrySet().stream()
                    .filter(beginning -> beginning.getValue() > 0)
                    .map(beginning -> beginning.getKey().partition())
                    .collect(Collectors.toSet());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Function<byte[], Optional<V>> reader, HandOverProof proof)
            throws InterruptedException {
        if (record.value() == null) {
            return;
        }
        Optional<V> value = value(record.value(), reader);
        if (value.isEmpty()) {
            proof.unreadable();
            return;
        }
        byte @Nullable [] found = port.isKeyedByValue() ? keyOf(value.get()) : record.key();
        if (found == null) {
            proof.keyless();
            return;
        }
        try {
            proof.record(found, port.contract().eventTime().millis(value.get()));
        } catch (ArithmeticException | DateTimeException noTime) {
            proof.unreadable();
        }
    }

    private Optional<V> value(byte[] bytes, Function<byte[], Optional<V>> reader) throws InterruptedException {
        try {
            return reader.apply(bytes);
        } catch (RegistryUnavailableException away) {
            trouble.accept(Optional.of(REGISTRY));
            Optional<V> value = retries.await(REGISTRY, () -> reader.apply(bytes));
            trouble.accept(Optional.empty());
            return value;
        }
    }

    /** As rows of the archive get theirs. */
    private byte @Nullable [] keyOf(V value) {
        try {
            @Nullable String text = key.of(value);
            return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        } catch (RuntimeException thrown) {
            return null;
        }
    }

    /** From bytes to values; empty = they cannot be read. */
    private Function<byte[], Optional<V>> reader(SchemaRegistry registry) {
        PortContract<V> contract = port.contract();
        Optional<ValueFormat.Decoder<V>> own =
                port.format().map(format -> format.decoder(contract.type(), contract.schema()));
        if (own.isPresent()) {
            return bytes -> own.get().decode(bytes) instanceof ValueFormat.Value<V> value
                    ? Optional.of(value.value())
                    : Optional.empty();
        }
        AvroDecoder<V> decoder = new AvroDecoder<>(Codecs.type(contract.type(), contract.schema()), registry);
        return bytes -> {
            try {
                return Optional.ofNullable(decoder.asDeserializer().deserialize(port.topic(), bytes));
            } catch (SerializationException noValue) {
                return Optional.empty();
            }
        };
    }
}
