package io.kappamesh.benchmarks.nexmark;

import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.AUCTIONS;
import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.BIDS;
import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.PERSONS;

import io.kappamesh.contracts.nexmark.Auction;
import io.kappamesh.contracts.nexmark.Bid;
import io.kappamesh.contracts.nexmark.BidderSession;
import io.kappamesh.contracts.nexmark.LocalItem;
import io.kappamesh.contracts.nexmark.NewSeller;
import io.kappamesh.contracts.nexmark.Person;
import io.kappamesh.topology.Ports;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.SessionStore;

/** The queries as products of ours. */
final class MeshQueries {
    private MeshQueries() {}

    static void q0(Ports ports) {
        ports.publish(NexmarkPorts.Q0, ports.read(BIDS).stream());
    }

    static void q1(Ports ports) {
        ports.publish(NexmarkPorts.Q1, ports.read(BIDS).becomes(NexmarkPorts.Q1, NexmarkSteps::inEuro).stream());
    }

    static void q2(Ports ports) {
        ports.publish(
                NexmarkPorts.Q2,
                ports.read(BIDS).stream()
                        .filter((id, bid) -> NexmarkSteps.isAsked(bid), Named.as("asked-bids"))
                        .mapValues(NexmarkSteps::price, Named.as("prices")));
    }

    static void q3(Ports ports) {
        KTable<String, Person> persons = ports.read(PERSONS).stream()
                .filter((id, person) -> NexmarkSteps.isLocal(person), Named.as("local-persons"))
                .toTable(Named.as("persons-table"), ports.store("persons", Person.class));
        KTable<String, LocalItem> items = ports.read(AUCTIONS).stream()
                .filter((id, auction) -> NexmarkSteps.isAsked(auction), Named.as("asked-auctions"))
                .toTable(Named.as("auctions-table"), ports.store("auctions", Auction.class))
                .join(
                        persons,
                        Auction::getSeller,
                        NexmarkSteps::localItem,
                        TableJoined.as("sellers"),
                        ports.store("local-items", LocalItem.class));
        ports.publish(NexmarkPorts.Q3, items.toStream(Named.as("local-item-changes")));
    }

    static void q8(Ports ports) {
        KTable<String, Person> came = ports.read(PERSONS).stream()
                .selectKey(
                        (id, person) -> NexmarkSteps.inWindow(id, person.getDateTime()), Named.as("persons-in-windows"))
                .groupByKey(ports.grouped("persons-by-window", Person.class))
                .reduce((before, now) -> now, Named.as("who-came"), ports.store("came", Person.class));
        KTable<String, Auction> sold = ports.read(AUCTIONS).stream()
                .selectKey(
                        (id, auction) -> NexmarkSteps.inWindow(auction.getSeller(), auction.getDateTime()),
                        Named.as("auctions-in-windows"))
                .groupByKey(ports.grouped("auctions-by-window", Auction.class))
                .reduce(NexmarkSteps::either, Named.as("who-sold"), ports.store("sold", Auction.class));
        KTable<String, NewSeller> sellers = came.join(
                sold,
                (person, auction) -> NexmarkSteps.newSeller(person),
                Named.as("came-and-sold"),
                ports.store("sellers", NewSeller.class));
        ports.publish(NexmarkPorts.Q8, sellers.toStream(Named.as("seller-changes")));
    }

    static void q11(Ports ports) {
        KTable<Windowed<String>, BidderSession> sessions = ports.read(BIDS).stream()
                .selectKey((id, bid) -> bid.getBidder(), Named.as("bidders"))
                .groupByKey(ports.grouped("bids-by-bidder", Bid.class))
                .windowedBy(SessionWindows.ofInactivityGapAndGrace(NexmarkSteps.SPAN, Sessions.NEVER))
                .aggregate(
                        NexmarkSteps::noBids,
                        (bidder, bid, session) -> Sessions.one(session),
                        (bidder, one, other) -> Sessions.both(one, other),
                        Named.as("count-bids"),
                        Materialized.<String, BidderSession, SessionStore<Bytes, byte[]>>as("sessions")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(ports.serde(BidderSession.class))
                                .withRetention(Sessions.RETENTION)
                                .withCachingDisabled());
        ports.publish(
                NexmarkPorts.Q11,
                sessions.toStream(Named.as("session-changes"))
                        .map((window, session) -> Sessions.row(window, session), Named.as("session-rows")));
    }
}
