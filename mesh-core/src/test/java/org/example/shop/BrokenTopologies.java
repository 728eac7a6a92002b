package org.example.shop;

import static org.example.shop.Shop.EVENTS;
import static org.example.shop.Shop.FACTS;
import static org.example.shop.Shop.MORE_EVENTS;
import static org.example.shop.Shop.RETURNS;
import static org.example.shop.Shop.ROWS;
import static org.example.shop.Shop.TABLE;
import static org.example.shop.Shop.publish;

import io.kappamesh.contract.ReadablePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.join.Facts;
import io.kappamesh.join.Versions;
import io.kappamesh.topology.Ports;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.Suppressed.BufferConfig;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.UnlimitedWindows;
import org.apache.kafka.streams.kstream.Window;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.Windows;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/** Operators that break a replay, and what they look like when they do not. */
public final class BrokenTopologies {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration AGES = Duration.ofDays(36_500);

    private BrokenTopologies() {}

    public static void joinWithAPlainTable(Ports ports) {
        join(ports, ports.read(MORE_EVENTS).table("table"), null);
    }

    public static void joinWithoutGrace(Ports ports) {
        join(ports, versioned(ports, MORE_EVENTS), null);
    }

    public static void joinWithACompactedInput(Ports ports) {
        join(ports, versioned(ports, TABLE), DAY);
    }

    /** The same from far away: through a filter, another key and the repartition behind it. */
    public static void joinWithACompactedInputFarAway(Ports ports) {
        KStream<String, Basket> far = ports.read(TABLE)
                .changes()
                .filter((key, basket) -> basket != null, Named.as("there"))
                .selectKey((key, basket) -> basket.getNote(), Named.as("by-note"))
                .repartition(Repartitioned.<String, Basket>as("by-note")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(ports.serde(Basket.class)));
        join(ports, far.toTable(Named.as("far"), versionedStore(ports)), DAY);
    }

    public static void joinAsOfTheEventsTime(Ports ports) {
        join(ports, versioned(ports, MORE_EVENTS), DAY);
    }

    public static void asOfWithTheTableOfAnother(Ports ports) {
        asOf(ports, ports.read(TABLE).changes());
    }

    public static void asOfWithASource(Ports ports) {
        asOf(ports, ports.read(MORE_EVENTS).stream());
    }

    public static void firstOfRetractableEvents(Ports ports) {
        publish(ports, ports.distinct("first", ports.read(RETURNS).changes(), Basket::getNote));
    }

    public static void countOfRetractableEvents(Ports ports) {
        countedOnce(ports, ports.read(RETURNS).changes());
    }

    public static void joinWithRetractableEvents(Ports ports) {
        join(ports, versioned(ports, RETURNS), DAY);
    }

    public static void countOfAnother(Ports ports) {
        countedOnce(ports, ports.read(TABLE).changes());
    }

    /** What is derived of a port that is corrected is corrected too. */
    public static void countOfRowsOfAnother(Ports ports) {
        countedOnce(
                ports,
                ports.derive(
                        "rows", ports.read(TABLE).changes(), Basket.class, basket -> Map.of(basket.getNote(), basket)));
    }

    public static void streamJoinedWithAnother(Ports ports) {
        joined(ports, ports.read(TABLE).changes(), JoinWindows.ofTimeDifferenceAndGrace(HOUR, AGES));
    }

    public static void countOfRows(Ports ports) {
        countedOnce(ports, ports.read(ROWS).changes());
    }

    public static void changesJoinedWithATable(Ports ports) {
        join(ports, ports.read(FACTS).changes(), versioned(ports, MORE_EVENTS), DAY);
    }

    public static void joinWithFactsOfAnother(Ports ports) {
        join(ports, versioned(ports, FACTS), DAY);
    }

    public static void tableOfAnother(Ports ports) {
        KTable<String, Long> count = ports.read(TABLE)
                .table("table")
                .groupBy((key, basket) -> KeyValue.pair(basket.getNote(), basket), ports.grouped("notes", Basket.class))
                .count(Named.as("count"), keyStore());
        publish(ports, count.toStream(Named.as("changes")).mapValues(BrokenTopologies::told, Named.as("as-basket")));
    }

    private static void countedOnce(Ports ports, KStream<String, Basket> baskets) {
        KTable<String, Long> count =
                baskets.groupByKey(ports.grouped("events", Basket.class)).count(Named.as("count"), keyStore());
        publish(ports, count.toStream(Named.as("changes")).mapValues(BrokenTopologies::told, Named.as("as-basket")));
    }

    private static Materialized<String, Long, KeyValueStore<Bytes, byte[]>> keyStore() {
        return Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts")
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long());
    }

    private static Basket told(Long count) {
        return new Basket(Instant.EPOCH, "" + count, List.of());
    }

    private static void asOf(Ports ports, KStream<String, Basket> versions) {
        publish(
                ports,
                ports.asOf(
                        "as-of",
                        new Facts<>(ports.read(EVENTS).stream(), Basket.class, Basket::getNote),
                        new Versions<>(versions, Basket.class),
                        (fact, version) -> version));
    }

    public static void joinOfTables(Ports ports) {
        KTable<String, Basket> other = ports.read(TABLE).table("other");
        publish(
                ports,
                ports.read(EVENTS)
                        .table("table")
                        .join(other, (one, two) -> one, Named.as("joined"))
                        .toStream(Named.as("changes")));
    }

    public static void unnamedTable(Ports ports) {
        Serde<Basket> serde = ports.serde(Basket.class);
        publish(
                ports,
                ports.read(EVENTS).stream()
                        .toTable(Materialized.with(Serdes.String(), serde))
                        .toStream());
    }

    public static void unnamedRepartition(Ports ports) {
        publish(
                ports,
                ports.read(EVENTS).stream()
                        .selectKey((key, basket) -> basket.getNote())
                        .repartition(Repartitioned.with(Serdes.String(), ports.serde(Basket.class))));
    }

    public static void windows(Ports ports) {
        counted(ports, TimeWindows.ofSizeAndGrace(HOUR, DAY));
    }

    public static void windowsWithoutGrace(Ports ports) {
        counted(ports, TimeWindows.ofSizeWithNoGrace(HOUR));
    }

    public static void openWindows(Ports ports) {
        counted(ports, TimeWindows.ofSizeAndGrace(HOUR, AGES));
    }

    public static void endlessWindows(Ports ports) {
        counted(ports, UnlimitedWindows.of());
    }

    public static void sessions(Ports ports) {
        counted(ports, SessionWindows.ofInactivityGapAndGrace(HOUR, DAY));
    }

    public static void openSessions(Ports ports) {
        counted(ports, SessionWindows.ofInactivityGapAndGrace(HOUR, AGES));
    }

    public static void sliding(Ports ports) {
        counted(ports, SlidingWindows.ofTimeDifferenceAndGrace(HOUR, DAY));
    }

    public static void openSliding(Ports ports) {
        counted(ports, SlidingWindows.ofTimeDifferenceAndGrace(HOUR, AGES));
    }

    public static void streamsJoined(Ports ports) {
        joined(ports, JoinWindows.ofTimeDifferenceAndGrace(HOUR, DAY));
    }

    public static void streamsJoinedWithoutGrace(Ports ports) {
        joined(ports, JoinWindows.ofTimeDifferenceWithNoGrace(HOUR));
    }

    public static void streamsJoinedForEver(Ports ports) {
        joined(ports, JoinWindows.ofTimeDifferenceAndGrace(HOUR, AGES));
    }

    public static void emittedOnClose(Ports ports) {
        published(
                ports,
                grouped(ports)
                        .windowedBy(TimeWindows.ofSizeAndGrace(HOUR, AGES))
                        .emitStrategy(EmitStrategy.onWindowClose())
                        .count(Named.as("count"), windowStore()));
    }

    public static void suppressedUntilClosed(Ports ports) {
        published(
                ports,
                grouped(ports)
                        .windowedBy(TimeWindows.ofSizeAndGrace(HOUR, AGES))
                        .count(Named.as("count"), windowStore())
                        .suppress(Suppressed.untilWindowCloses(BufferConfig.unbounded())
                                .withName("once")));
    }

    public static void suppressedForATime(Ports ports) {
        publish(
                ports,
                ports.read(EVENTS)
                        .table("table")
                        .suppress(Suppressed.<String>untilTimeLimit(HOUR, BufferConfig.unbounded())
                                .withName("later"))
                        .toStream(Named.as("changes")));
    }

    private static void join(Ports ports, KTable<String, Basket> table, @Nullable Duration grace) {
        join(ports, ports.read(EVENTS).stream(), table, grace);
    }

    private static void join(
            Ports ports, KStream<String, Basket> stream, KTable<String, Basket> table, @Nullable Duration grace) {
        Joined<String, Basket, Basket> how = Joined.with(
                        Serdes.String(), ports.serde(Basket.class), ports.serde(Basket.class))
                .withName("joined");
        publish(ports, stream.join(table, (one, two) -> one, grace == null ? how : how.withGracePeriod(grace)));
    }

    private static KTable<String, Basket> versioned(Ports ports, ReadablePort<Basket> input) {
        return ports.read(input).changes().toTable(Named.as("versions"), versionedStore(ports));
    }

    private static Materialized<String, Basket, KeyValueStore<Bytes, byte[]>> versionedStore(Ports ports) {
        return Materialized.<String, Basket>as(Stores.persistentVersionedKeyValueStore("table", Duration.ofDays(30)))
                .withKeySerde(Serdes.String())
                .withValueSerde(ports.serde(Basket.class));
    }

    private static <W extends Window> void counted(Ports ports, Windows<W> windows) {
        published(ports, grouped(ports).windowedBy(windows).count(Named.as("count"), windowStore()));
    }

    private static void counted(Ports ports, SlidingWindows windows) {
        published(ports, grouped(ports).windowedBy(windows).count(Named.as("count"), windowStore()));
    }

    private static void counted(Ports ports, SessionWindows windows) {
        published(
                ports,
                grouped(ports)
                        .windowedBy(windows)
                        .count(
                                Named.as("count"),
                                Materialized.<String, Long, SessionStore<Bytes, byte[]>>as("counts")
                                        .withKeySerde(Serdes.String())
                                        .withValueSerde(Serdes.Long())));
    }

    private static void joined(Ports ports, JoinWindows windows) {
        joined(ports, ports.read(MORE_EVENTS).stream(), windows);
    }

    private static void joined(Ports ports, KStream<String, Basket> others, JoinWindows windows) {
        publish(
                ports,
                ports.read(EVENTS).stream()
                        .leftJoin(
                                others,
                                (one, other) -> one,
                                windows,
                                StreamJoined.with(Serdes.String(), ports.serde(Basket.class), ports.serde(Basket.class))
                                        .withName("both")
                                        .withStoreName("both")));
    }

    private static KGroupedStream<String, Basket> grouped(Ports ports) {
        return ports.read(EVENTS).stream().groupByKey(ports.grouped("events", Basket.class));
    }

    private static Materialized<String, Long, WindowStore<Bytes, byte[]>> windowStore() {
        return Materialized.<String, Long, WindowStore<Bytes, byte[]>>as("counts")
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long());
    }

    private static void published(Ports ports, KTable<Windowed<String>, Long> counts) {
        publish(
                ports,
                counts.toStream(Named.as("count-changes"))
                        .map(
                                (window, count) -> KeyValue.pair(
                                        window.key(), new Basket(window.window().startTime(), "" + count, List.of())),
                                Named.as("as-basket")));
    }
}
