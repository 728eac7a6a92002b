package io.kappamesh.join;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What an as-of join need not keep, given by how much a fact and a version may be older than the newest ones of their partitions:
 *
 * <ul>
 *   <li>a fact that is older than any version that may still come, since a version changes no fact before it;
 *   <li>a version whose successor is older than any fact <em>and</em> any version that may still come: no fact will ask for it, and no
 *       version will take its place.
 * </ul>
 *
 * <p>Nothing of a key is forgotten while facts of it have still to be told of a version. The last result of each fact is the same as if
 * nothing were forgotten, whenever that happens and in whatever order the two topics are read. So the newest times may be taken for too low, as
 * they are after a restart, but never for too high. How late something is was judged by the intake, in the order of the log.
 *
 * <p>Each side of the join has one of these, and forgets what is its own; what the other side has to know stands in the store. Confined
 * to the stream thread.
 */
final class Forgetting<F, V> {
    private static final byte FACTS_BY_TIME = 'f';
    private static final byte VERSIONS_BY_TIME = 'v';
    private static final Bytes NEWEST_FACT = mark('n');
    private static final Bytes NEWEST_VERSION = mark('N');
    private static final Bytes FACTS_FORGOTTEN = mark('w');
    private static final Bytes VERSIONS_FORGOTTEN = mark('W');

    /** After so many records what is old is looked for, and up to some times as many are forgotten. */
    private static final int BATCH = 64;

    private static final int MOST = 4 * BATCH;

    private final Timelines<F, V> timelines;
    private final KeyValueStore<Bytes, byte[]> store;
    private final Optional<Duration> factLateness;
    private final Optional<Duration> versionLateness;
    private final Expiry facts;
    private final Expiry versions;
    private boolean forgotFacts;
    private long newest = Long.MIN_VALUE;
    private int sinceLook;

    Forgetting(
            Timelines<F, V> timelines,
            KeyValueStore<Bytes, byte[]> store,
            Optional<Duration> factLateness,
            Optional<Duration> versionLateness) {
        this.timelines = timelines;
        this.store = store;
        this.factLateness = factLateness;
        this.versionLateness = versionLateness;
        this.facts = new Expiry(store, FACTS_BY_TIME);
        this.versions = new Expiry(store, VERSIONS_BY_TIME);
        this.forgotFacts = read(FACTS_FORGOTTEN) > Long.MIN_VALUE;
    }

    /** Whether a fact that is not known may have been known. */
    boolean mayHaveForgottenFacts() {
        return versionLateness.isPresent() && forgotFacts;
    }

    /** Whether the version of a time may be another one than it was. */
    boolean mayHaveForgottenVersionsAt(long time) {
        return factLateness.isPresent() && versionLateness.isPresent() && time < read(VERSIONS_FORGOTTEN);
    }

    /** To be called after a fact was kept. */
    void keptFact(String key, String id, Timelines.Fact<F> fact) {
        versionLateness.ifPresent(late -> facts.add(fact.time(), entry(key, id)));
        factLateness.ifPresent(late -> newest = Math.max(newest, fact.time()));
        if (++sinceLook < BATCH) {
            return;
        }
        sinceLook = 0;
        factLateness.ifPresent(late -> raise(NEWEST_FACT, newest));
        versionLateness.ifPresent(late -> {
            long before = earliest(NEWEST_VERSION, late);
            if (before > Long.MIN_VALUE) {
                raise(FACTS_FORGOTTEN, before);
                forgotFacts = true;
                facts.expire(before, MOST, (time, entry) -> {
                    String of = key(entry);
                    boolean told = !timelines.hasBacklog(of);
                    if (told) {
                        timelines.forgetFact(of, id(entry), time);
                    }
                    return told;
                });
            }
        });
    }

    /** To be called after a version was kept and the facts under it were told. */
    void keptVersion(String key, long from) {
        if (versionLateness.isEmpty()) {
            return;
        }
        if (from > newest) {
            newest = from;
            raise(NEWEST_VERSION, from);
        }
        if (factLateness.isEmpty()) {
            return;
        }
        versions.add(from, entry(key, ""));
        if (++sinceLook < BATCH) {
            return;
        }
        sinceLook = 0;
        long before = Math.min(
                earliest(NEWEST_FACT, factLateness.orElseThrow()),
                earliest(NEWEST_VERSION, versionLateness.orElseThrow()));
        if (before > Long.MIN_VALUE) {
            raise(VERSIONS_FORGOTTEN, before);
            versions.expire(before, MOST, (time, entry) -> {
                String of = key(entry);
                boolean told = !timelines.hasBacklog(of);
                if (told) {
                    timelines.forgetVersionsBefore(of, before);
                }
                return told;
            });
        }
    }

    /** The earliest event time that may still come; {@link Long#MIN_VALUE} if any may. */
    private long earliest(Bytes newestMark, Duration lateness) {
        long marked = read(newestMark);
        return marked == Long.MIN_VALUE ? marked : marked - lateness.toMillis();
    }

    private long read(Bytes mark) {
        byte[] kept = store.get(mark);
        return kept == null ? Long.MIN_VALUE : ByteBuffer.wrap(kept).getLong();
    }

    private void raise(Bytes mark, long time) {
        if (time > read(mark)) {
            store.put(mark, ByteBuffer.allocate(Long.BYTES).putLong(time).array());
        }
    }

    private static Bytes mark(char kind) {
        return Bytes.wrap(new byte[] {(byte) kind});
    }

    private static byte[] entry(String key, String id) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] rest = id.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + name.length + rest.length)
                .putInt(name.length)
                .put(name)
                .put(rest)
                .array();
    }

    private static String key(byte[] entry) {
        return new String(entry, Integer.BYTES, ByteBuffer.wrap(entry).getInt(), StandardCharsets.UTF_8);
    }

    private static String id(byte[] entry) {
        int at = Integer.BYTES + ByteBuffer.wrap(entry).getInt();
        return new String(Arrays.copyOfRange(entry, at, entry.length), StandardCharsets.UTF_8);
    }
}
