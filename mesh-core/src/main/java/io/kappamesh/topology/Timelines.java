package io.kappamesh.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What an as-of join keeps, all in one store and in the order of keys and event times: the facts, the versions, and where a fact stands
 * by its id. A store's key is the kind, the length and bytes of the record's key, and then event time (big-endian and never negative, so
 * that bytes sort as time does), id, or both. Confined to the stream thread.
 */
final class Timelines<F, V> {
    private static final byte FACT = 'F';
    private static final byte PLACE = 'P';
    private static final byte VERSION = 'V';

    private final String name;
    private final KeyValueStore<Bytes, byte[]> store;
    private final Serde<F> facts;
    private final Serde<V> versions;

    /** A fact and its event time in milliseconds since the epoch. */
    record Fact<F>(long time, F value) {}

    Timelines(String name, KeyValueStore<Bytes, byte[]> store, Serde<F> facts, Serde<V> versions) {
        this.name = name;
        this.store = store;
        this.facts = facts;
        this.versions = versions;
    }

    /** The fact of this id, if it came before. */
    @Nullable
    Fact<F> fact(String key, String id) {
        byte @Nullable [] place = store.get(key(PLACE, key, utf8(id)));
        if (place == null) {
            return null;
        }
        long time = ByteBuffer.wrap(place).getLong();
        return new Fact<>(time, facts.deserializer().deserialize(name, store.get(factKey(key, time, id))));
    }

    /** Keeps a fact in place of the one of its id that was known. */
    void put(String key, String id, @Nullable Fact<F> known, Fact<F> fact) {
        if (known != null && known.time() != fact.time()) {
            store.delete(factKey(key, known.time(), id));
        }
        store.put(
                key(PLACE, key, utf8(id)),
                ByteBuffer.allocate(Long.BYTES).putLong(fact.time()).array());
        store.put(factKey(key, fact.time(), id), facts.serializer().serialize(name, fact.value()));
    }

    /** Keeps what is valid from a time on. */
    void put(String key, long from, V version) {
        store.put(key(VERSION, key, sortable(from)), versions.serializer().serialize(name, version));
    }

    /** What is valid at a time; null before the first version. */
    @Nullable
    V versionAt(String key, long time) {
        try (KeyValueIterator<Bytes, byte[]> latestFirst =
                store.reverseRange(key(VERSION, key, sortable(0)), key(VERSION, key, sortable(time)))) {
            return latestFirst.hasNext() ? versions.deserializer().deserialize(name, latestFirst.next().value) : null;
        }
    }

    /** Tells the facts, with their ids, whose time is under the version that is valid from a time on: until the next one. */
    void factsUnder(String key, long from, BiConsumer<String, Fact<F>> visitor) {
        Bytes first = key(FACT, key, sortable(from));
        int idAt = first.get().length;
        try (KeyValueIterator<Bytes, byte[]> under = store.range(first, key(FACT, key, sortable(end(key, from))))) {
            while (under.hasNext()) {
                KeyValue<Bytes, byte[]> entry = under.next();
                byte[] place = entry.key.get();
                long time = ByteBuffer.wrap(place).getLong(idAt - Long.BYTES);
                String id = new String(place, idAt, place.length - idAt, StandardCharsets.UTF_8);
                visitor.accept(id, new Fact<>(time, facts.deserializer().deserialize(name, entry.value)));
            }
        }
    }

    /** Where the version that is valid from a time on ends: at the next one. No fact has the last of all times. */
    private long end(String key, long from) {
        try (KeyValueIterator<Bytes, byte[]> next =
                store.range(key(VERSION, key, sortable(from + 1)), key(VERSION, key, sortable(Long.MAX_VALUE)))) {
            return next.hasNext() ? ByteBuffer.wrap(next.next().key.get()).getLong(first(key)) : Long.MAX_VALUE;
        }
    }

    private static int first(String key) {
        return 1 + Integer.BYTES + utf8(key).length;
    }

    private static Bytes factKey(String key, long time, String id) {
        byte[] name = utf8(id);
        return key(
                FACT,
                key,
                ByteBuffer.allocate(Long.BYTES + name.length)
                        .put(sortable(time))
                        .put(name)
                        .array());
    }

    private static Bytes key(byte kind, String key, byte[] rest) {
        byte[] bytes = utf8(key);
        return Bytes.wrap(ByteBuffer.allocate(1 + Integer.BYTES + bytes.length + rest.length)
                .put(kind)
                .putInt(bytes.length)
                .put(bytes)
                .put(rest)
                .array());
    }

    private static byte[] sortable(long time) {
        return ByteBuffer.allocate(Long.BYTES).putLong(time).array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
