package io.kappamesh.deploy;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Projection;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.condition.Condition;
import io.kappamesh.contract.InputPort;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.deploy.DeployReport.Offence;
import io.kappamesh.deploy.OffenceTally.Reason;
import io.kappamesh.intake.RecordTrial;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.Codecs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Judges records as one consumer's intake would, by what it publishes of its needs: its schema, event time, key, size and those of its rules
 * that are conditions. One thread at a time.
 */
final class ConsumerTrial {
    private static final int MAX_DEPTH = 100;

    /** So many keys are remembered of those that are refused today; the rest counts as new. */
    private static final int MOST_KEYS = 1_000_000;

    private final String consumer;
    private final RecordTrial<GenericRecord> today;
    private final RecordTrial<GenericRecord> then;
    private final List<String> unchecked;
    private final Map<Reason, Set<String>> refusedKeys = new HashMap<>();
    private final OffenceTally offences = new OffenceTally();

    private ConsumerTrial(
            String consumer,
            RecordTrial<GenericRecord> today,
            RecordTrial<GenericRecord> then,
            List<String> unchecked) {
        this.consumer = consumer;
        this.today = today;
        this.then = then;
        this.unchecked = unchecked;
    }

    /**
     * @param written the schema with which values are going to be written; null = they name their own
     * @throws DeclarationException when the needs cannot be read here
     */
    static ConsumerTrial of(
            String consumer, InputDescription needs, Schema reader, @Nullable Schema written, SchemaRegistry registry) {
        List<String> unchecked = new ArrayList<>();
        InputPort<GenericRecord> port = port(needs, reader, unchecked);
        AvroType<GenericRecord> type = AvroType.generic(reader);
        AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(type, registry);
        RecordTrial<GenericRecord> today = new RecordTrial<>(port, decoder::decode, Codecs.schemas(registry));
        if (written == null) {
            return new ConsumerTrial(consumer, today, today, unchecked);
        }
        Projection<GenericRecord> projection = new Projection<>(type, written, MAX_DEPTH);
        return new ConsumerTrial(
                consumer,
                today,
                new RecordTrial<>(
                        port, bytes -> projection.read(bytes, AvroEncoder.HEADER_LENGTH), Codecs.schemas(registry)),
                unchecked);
    }

    private static InputPort<GenericRecord> port(InputDescription needs, Schema reader, List<String> unchecked) {
        RecordDescription records = needs.needs();
        InputPort.Builder<GenericRecord> port = InputPort.table(needs.address(), GenericRecord.class)
                .schema(reader)
                .maxRecordBytes(records.maxBytes());
        if (records.eventTime() == null) {
            port.withoutEventTime();
        } else {
            port.eventTime(records.eventTime());
        }
        if (records.keyField() != null) {
            port.key(records.keyField());
        } else if (records.key() != null) {
            unchecked.add("its key " + records.key() + " is a function in its code");
        }
        for (RecordDescription.Rule rule : records.rules()) {
            if (rule.condition() == null) {
                unchecked.add("its rule " + rule.name() + " is a function in its code (" + rule.description()
                        + "); as a Condition it would be checked");
            } else {
                port.demands(rule.name(), rule.description(), Condition.of(rule.condition()), rule.action());
            }
        }
        InputPort<GenericRecord> built = port.build();
        Object unused = built.address(); // a declaration that does not hold says so here
        return built;
    }

    String consumer() {
        return consumer;
    }

    List<String> unchecked() {
        return unchecked;
    }

    /** Notes whether a record of the port is refused today, for {@link #judge}s of what a candidate wrote. */
    void look(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        today.refusal(record, value).map(Reason::of).ifPresent(reason -> {
            Set<String> keys = refusedKeys.computeIfAbsent(reason, first -> new HashSet<>());
            if (keys.size() < MOST_KEYS) {
                keys.add(key(record));
            }
        });
    }

    /** Judges a record that a candidate wrote. */
    void judge(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        then.refusal(record, value)
                .map(Reason::of)
                .ifPresent(reason -> offences.count(
                        reason,
                        record,
                        refusedKeys.getOrDefault(reason, Set.of()).contains(key(record))));
    }

    /**
     * Judges a record of the port as it is going to be.
     *
     * @param value as it stands there
     * @param next as it is going to be written
     */
    void judge(ConsumerRecord<byte[], byte[]> record, byte[] value, byte[] next) {
        then.refusal(record, next)
                .map(Reason::of)
                .ifPresent(reason -> offences.count(
                        reason,
                        record,
                        today.refusal(record, value)
                                .map(Reason::of)
                                .filter(reason::equals)
                                .isPresent()));
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.ISO_8859_1);
    }

    /** @param shown how a record's key may be shown */
    List<Offence> offences(Function<ConsumerRecord<byte[], byte[]>, String> shown) {
        return offences.offences(shown);
    }
}
