package io.kappamesh.intake;

import static java.util.Objects.requireNonNull;

import io.kappamesh.Internal;
import io.kappamesh.contract.ProductName;
import io.kappamesh.rule.BrokenRule;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.rule.RuleStopException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Admits a record to a product, or rejects it. An admitted record is forwarded without its headers: a product never passes headers on. A
 * rejected record goes to the dead letters with its original bytes, in the same transaction; if it is too large for our producers, the
 * dead letter is a reference to it.
 *
 * <p>A rejected record of a table deletes its key, and so does one that is ignored. The value that the record replaced disappears from the log with the next compaction,
 * so a replay would not find it.
 *
 * <p>Lateness is checked here, against the newest event time of the partition. That time is kept in a store, so it is the same after a
 * restart and in a replay. Only admitted records advance it.
 */
@Internal
public final class Intake<V> implements FixedKeyProcessor<String, IncomingRecord<V>, Object> {

    /**
     * The configuration of the intake of one port. All tasks use one supplier.
     *
     * @param product the product that reads the port
     * @param name of the processor, and prefix of its store
     * @param lateness by how much an event may be older than the newest one of its partition; empty = by any time
     * @param replacing whether a record replaces the one before it, so that a rejected one has to delete its key
     * @param rekeying whether admitted records are forwarded as {@link Rekeyed}
     * @param limit for the size of a dead letter
     * @param admitted the child processor that gets admitted records
     * @param deadLetters the child processor that gets rejected ones
     * @param observer counts both
     * @param stores creates the supplier of a store from the store's name
     */
    public record Setup(
            ProductName product,
            String name,
            Optional<Duration> lateness,
            boolean replacing,
            boolean rekeying,
            RecordLimit limit,
            String admitted,
            String deadLetters,
            ProductObserver observer,
            Function<String, KeyValueBytesStoreSupplier> stores) {

        String highWaterStore() {
            return name + "-high-water";
        }

        public <V> FixedKeyProcessorSupplier<String, IncomingRecord<V>, Object> supplier() {
            return new FixedKeyProcessorSupplier<>() {
                @Override
                public FixedKeyProcessor<String, IncomingRecord<V>, Object> get() {
                    return new Intake<>(Setup.this);
                }

                @Override
                public Set<StoreBuilder<?>> stores() {
                    return lateness.isEmpty()
                            ? Set.of()
                            : Set.of(Stores.keyValueStoreBuilder(
                                            stores.apply(highWaterStore()), Serdes.String(), Serdes.Long())
                                    .withCachingEnabled());
                }
            };
        }
    }

    private final Setup setup;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private FixedKeyProcessorContext<String, Object> context;

    private @Nullable KeyValueStore<String, Long> highWaterStore;
    /** By topic: a task reads one partition of each. */
    private final Map<String, Long> highWaters = new HashMap<>();

    private Intake(Setup setup) {
        this.setup = setup;
    }

    @Override
    public void init(FixedKeyProcessorContext<String, Object> context) {
        this.context = context;
        if (setup.lateness().isPresent()) {
            highWaterStore = context.getStateStore(setup.highWaterStore());
        }
    }

    @Override
    public void process(FixedKeyRecord<String, IncomingRecord<V>> record) {
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        setup.observer()
                .process(
                        origin.topic(),
                        origin.partition(),
                        origin.offset(),
                        record.headers(),
                        () -> process(record, origin));
    }

    private void process(FixedKeyRecord<String, IncomingRecord<V>> record, RecordMetadata origin) {
        IncomingRecord<V> incoming = record.value();
        if (incoming.isIgnored()) {
            setup.observer().ignored(origin.topic(), origin.partition(), origin.offset());
            forwardDeletion(record.withTimestamp(Math.max(0, incoming.timestamp())));
            return;
        }
        @Nullable Rejection rejection = incoming.rejection();
        if (rejection == null && isLate(origin.topic(), incoming.eventTime())) {
            rejection = new Rejection(
                    Reason.LATE, "older than the newest record of its partition by more than the allowed lateness");
        }
        if (rejection == null) {
            if (!incoming.warnings().isEmpty()) {
                setup.observer().unmet(incoming.warnings());
            }
            setup.observer().recordIn(origin.topic(), origin.partition(), origin.offset(), record.timestamp());
            context.forward(
                    record.withHeaders(TraceHeaders.of(record.headers()))
                            .withValue(admitted(incoming, incoming.value())),
                    setup.admitted());
        } else {
            @Nullable BrokenRule broken = rejection.broken();
            if (broken != null) {
                setup.observer().unmet(List.of(broken));
                stopIfAsked(broken, rejection, origin);
            }
            setup.observer().deadLetter(origin.topic(), origin.partition(), origin.offset(), rejection.reason());
            FixedKeyRecord<String, IncomingRecord<V>> asItCame =
                    record.withTimestamp(Math.max(0, incoming.timestamp()));
            byte @Nullable [] bytes = incoming.bytes();
            List<TruncatedPart> cuts = TruncatedPart.of(
                    RecordKeys.toBytes(record.key()),
                    bytes,
                    record.headers(),
                    setup.limit().value());
            context.forward(
                    asItCame.withHeaders(DeadLetter.headers(
                                    record.headers(), setup.product(), origin, incoming.timestamp(), rejection, cuts))
                            .withValue((Object) TruncatedPart.kept(cuts, TruncatedPart.Part.VALUE, bytes)),
                    setup.deadLetters());
            forwardDeletion(asItCame);
        }
    }

    private static void stopIfAsked(BrokenRule broken, Rejection rejection, RecordMetadata origin) {
        if (broken.policy() == RulePolicy.STOP) {
            throw new RuleStopException(
                    broken,
                    rejection.detail(),
                    "offset " + origin.offset() + " of " + origin.topic() + "-" + origin.partition());
        }
    }

    /** Deletes the key of a record that takes the place of a row in the log and is none. */
    private void forwardDeletion(FixedKeyRecord<String, IncomingRecord<V>> record) {
        if (setup.replacing() && record.value().key() != null) {
            context.forward(
                    record.withHeaders(TraceHeaders.of(record.headers())).withValue(admitted(record.value(), null)),
                    setup.admitted());
        }
    }

    private @Nullable Object admitted(IncomingRecord<V> incoming, @Nullable V value) {
        return setup.rekeying() ? new Rekeyed<>(requireNonNull(incoming.key()), value) : value;
    }

    private boolean isLate(String topic, long eventTime) {
        @Nullable KeyValueStore<String, Long> store = highWaterStore;
        if (store == null) {
            return false;
        }
        Long before = highWaters.computeIfAbsent(topic, one -> store.get(kept(one)));
        if (before == null || eventTime > before) {
            highWaters.put(topic, eventTime);
            store.put(kept(topic), eventTime);
            return false;
        }
        return eventTime < before - setup.lateness().orElseThrow().toMillis();
    }

    private static String kept(String topic) {
        return topic + "-intake";
    }
}
