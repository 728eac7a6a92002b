package io.kappamesh.join;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What an as-of join keeps, all in one store and in the order of keys and event times: the facts, the versions, where a fact stands
 * by its id, and which facts have still to be told of a version. A store's key is the kind, the length and bytes of the record's key, and then event time (big-endian and never negative, so
 * that bytes sort as time does), id, or both. Confined to the stream thread.
 */
final class Timelines<F, V> {
    private static final byte BACKLOG = 'B';
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

    /** Forgets a fact, unless it has moved to another time. */
    void forgetFact(String key, String id, long time) {
        Bytes place = key(PLACE, key, utf8(id));
        byte @Nullable [] at = store.get(place);
        if (at != null && ByteBuffer.wrap(at).getLong() == time) {
            store.delete(place);
            store.delete(factKey(key, time, id));
        }
    }

    /** Forgets the versions of a key that are over before a time. */
    void forgetVersionsBefore(String key, long time) {
        List<Bytes> over = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> latestFirst =
                store.reverseRange(key(VERSION, key, sortable(0)), key(VERSION, key, sortable(time)))) {
            if (latestFirst.hasNext()) {
                latestFirst.next(); // It is the one that is valid.
            }
            latestFirst.forEachRemaining(version -> over.add(version.key));
        }
        over.forEach(store::delete);
    }

    /** What is valid at a time; null before the first version. */
    @Nullable
    V versionAt(String key, long time) {
        try (KeyValueIterator<Bytes, byte[]> latestFirst =
                store.reverseRange(key(VERSION, key, sortable(0)), key(VERSION, key, sortable(time)))) {
            return latestFirst.hasNext() ? versions.deserializer().deserialize(name, latestFirst.next().value) : null;
        }
    }

    /** Is told a fact, its id, and the version that is valid at its time; null before the first one. */
    interface Visitor<F, V> {
        void visit(String id, Fact<F> fact, @Nullable V version);
    }

    /**
     * What of the facts under a version has not been told yet.
     *
     * @param place the first of them: event time and id as in the store
     * @param end the event time before which they end
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Backlog(byte[] place, long end) {
        /** All of this and of another one. */
        Backlog and(Backlog other) {
            boolean first = Arrays.compareUnsigned(place, other.place) <= 0;
            return new Backlog(first ? place : other.place, Math.max(end, other.end));
        }
    }

    /** All facts of a key from a time on and before another. */
    static Backlog between(long from, long end) {
        return new Backlog(sortable(from), end);
    }

    /**
     * Tells so many facts at most, in the order of event time and id.
     *
     * @return what is left; empty if nothing is
     */
    Optional<Backlog> visit(String key, Backlog backlog, int most, Visitor<F, V> visitor) {
        int timeAt = first(key);
        @Nullable V version = null;
        long until = Long.MIN_VALUE;
        int told = 0;
        try (KeyValueIterator<Bytes, byte[]> under =
                store.range(key(FACT, key, backlog.place()), key(FACT, key, sortable(backlog.end())))) {
            while (under.hasNext()) {
                KeyValue<Bytes, byte[]> entry = under.next();
                byte[] place = entry.key.get();
                long time = ByteBuffer.wrap(place).getLong(timeAt);
                if (time >= backlog.end()) {
                    break;
                }
                if (told == most) {
                    return Optional.of(new Backlog(Arrays.copyOfRange(place, timeAt, place.length), backlog.end()));
                }
                if (time >= until) {
                    version = versionAt(key, time);
                    until = end(key, time);
                }
                int idAt = timeAt + Long.BYTES;
                String id = new String(place, idAt, place.length - idAt, StandardCharsets.UTF_8);
                visitor.visit(id, new Fact<>(time, facts.deserializer().deserialize(name, entry.value)), version);
                told++;
            }
        }
        return Optional.empty();
    }

    /** What is left to be told of the facts under the version that is valid from a time on. */
    Optional<Backlog> backlog(String key, long from) {
        byte @Nullable [] kept = store.get(key(BACKLOG, key, sortable(from)));
        if (kept == null) {
            return Optional.empty();
        }
        return Optional.of(new Backlog(
                Arrays.copyOfRange(kept, Long.BYTES, kept.length),
                ByteBuffer.wrap(kept).getLong()));
    }

    /** Whether anything is left to be told of a key's facts. */
    boolean hasBacklog(String key) {
        try (KeyValueIterator<Bytes, byte[]> kept =
                store.range(key(BACKLOG, key, sortable(0)), key(BACKLOG, key, sortable(Long.MAX_VALUE)))) {
            return kept.hasNext();
        }
    }

    /** Keeps what is left, in place of what was kept under the same version. */
    void keep(String key, long from, Backlog backlog) {
        store.put(
                key(BACKLOG, key, sortable(from)),
                ByteBuffer.allocate(Long.BYTES + backlog.place().length)
                        .putLong(backlog.end())
                        .put(backlog.place())
                        .array());
    }

    /** Nothing is left. */
    void finish(String key, long from) {
        store.delete(key(BACKLOG, key, sortable(from)));
    }

    /** Where the version that is valid from a time on ends: at the next one. No fact has the last of all times. */
    long end(String key, long from) {
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
