package io.kappamesh.benchmarks.nexmark;

import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.AUCTIONS;
import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.BIDS;
import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.PERSONS;

import io.kappamesh.contracts.nexmark.Auction;
import io.kappamesh.contracts.nexmark.AuctionPrice;
import io.kappamesh.contracts.nexmark.Bid;
import io.kappamesh.contracts.nexmark.BidderSession;
import io.kappamesh.contracts.nexmark.LocalItem;
import io.kappamesh.contracts.nexmark.NewSeller;
import io.kappamesh.contracts.nexmark.Person;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.SessionStore;

/** The queries by hand, in plain Kafka Streams. */
final class PlainQueries {
    private PlainQueries() {}

    static void q0(PlainTopology plain) {
        plain.write(plain.stream(BIDS, Bid.class), Bid.class);
    }

    static void q1(PlainTopology plain) {
        plain.write(plain.stream(BIDS, Bid.class).mapValues(NexmarkSteps::inEuro), Bid.class);
    }

    static void q2(PlainTopology plain) {
        plain.write(
                plain.stream(BIDS, Bid.class)
                        .filter((id, bid) -> NexmarkSteps.isAsked(bid))
                        .mapValues(NexmarkSteps::price),
                AuctionPrice.class);
    }

    static void q3(PlainTopology plain) {
        KTable<String, Person> persons = plain.stream(PERSONS, Person.class)
                .filter((id, person) -> NexmarkSteps.isLocal(person), Named.as("local-persons"))
                .toTable(Named.as("persons-table"), plain.store("persons", Person.class));
        KTable<String, LocalItem> items = plain.stream(AUCTIONS, Auction.class)
                .filter((id, auction) -> NexmarkSteps.isAsked(auction), Named.as("asked-auctions"))
                .toTable(Named.as("auctions-table"), plain.store("auctions", Auction.class))
                .join(
                        persons,
                        Auction::getSeller,
                        NexmarkSteps::localItem,
                        TableJoined.as("sellers"),
                        plain.store("local-items", LocalItem.class));
        plain.write(items.toStream(), LocalItem.class);
    }

    static void q8(PlainTopology plain) {
        KTable<String, Person> came = plain.stream(PERSONS, Person.class)
                .selectKey(
                        (id, person) -> NexmarkSteps.inWindow(id, person.getDateTime()), Named.as("persons-in-windows"))
                .groupByKey(plain.grouped("persons-by-window", Person.class))
                .reduce((before, now) -> now, Named.as("who-came"), plain.store("came", Person.class));
        KTable<String, Auction> sold = plain.stream(AUCTIONS, Auction.class)
                .selectKey(
                        (id, auction) -> NexmarkSteps.inWindow(auction.getSeller(), auction.getDateTime()),
                        Named.as("auctions-in-windows"))
                .groupByKey(plain.grouped("auctions-by-window", Auction.class))
                .reduce(NexmarkSteps::either, Named.as("who-sold"), plain.store("sold", Auction.class));
        KTable<String, NewSeller> sellers = came.join(
                sold,
                (person, auction) -> NexmarkSteps.newSeller(person),
                Named.as("came-and-sold"),
                plain.store("sellers", NewSeller.class));
        plain.write(sellers.toStream(), NewSeller.class);
    }

    static void q11(PlainTopology plain) {
        KTable<Windowed<String>, BidderSession> sessions = plain.stream(BIDS, Bid.class)
                .selectKey((id, bid) -> bid.getBidder(), Named.as("bidders"))
                .groupByKey(plain.grouped("bids-by-bidder", Bid.class))
                .windowedBy(SessionWindows.ofInactivityGapAndGrace(NexmarkSteps.SPAN, Sessions.NEVER))
                .aggregate(
                        NexmarkSteps::noBids,
                        (bidder, bid, session) -> Sessions.one(session),
                        (bidder, one, other) -> Sessions.both(one, other),
                        Named.as("count-bids"),
                        Materialized.<String, BidderSession, SessionStore<Bytes, byte[]>>as("sessions")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(plain.serde(BidderSession.class))
                                .withRetention(Sessions.RETENTION)
                                .withCachingDisabled());
        plain.write(sessions.toStream().map(Sessions::row), BidderSession.class);
    }
}
