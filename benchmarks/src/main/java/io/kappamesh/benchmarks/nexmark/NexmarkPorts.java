package io.kappamesh.benchmarks.nexmark;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.nexmark.Auction;
import io.kappamesh.contracts.nexmark.AuctionPrice;
import io.kappamesh.contracts.nexmark.Bid;
import io.kappamesh.contracts.nexmark.BidderSession;
import io.kappamesh.contracts.nexmark.LocalItem;
import io.kappamesh.contracts.nexmark.NewSeller;
import io.kappamesh.contracts.nexmark.Person;
import java.util.stream.Stream;

/** What the queries read and write. */
final class NexmarkPorts {
    static final EventSource<Person> PERSONS = SourcePort.events("nexmark.persons.v1", Person.class)
            .eventTime("dateTime")
            .key("personId")
            .describedAs("Those who sell or bid")
            .build();
    static final EventSource<Auction> AUCTIONS = SourcePort.events("nexmark.auctions.v1", Auction.class)
            .eventTime("dateTime")
            .key("auctionId")
            .describedAs("What is sold")
            .build();
    static final EventSource<Bid> BIDS = SourcePort.events("nexmark.bids.v1", Bid.class)
            .eventTime("dateTime")
            .key("bidId")
            .describedAs("What is bid")
            .build();

    static final OutputPort<Bid> Q0 = OutputPort.events("nexmark.q0-bids.v1", Bid.class)
            .eventTime("dateTime")
            .key("bidId")
            .describedAs("Every bid")
            .build();
    static final OutputPort<Bid> Q1 = OutputPort.events("nexmark.q1-bids.v1", Bid.class)
            .eventTime("dateTime")
            .key("bidId")
            .describedAs("Every bid, in Euro")
            .build();
    static final OutputPort<AuctionPrice> Q2 = OutputPort.events("nexmark.q2-prices.v1", AuctionPrice.class)
            .eventTime("dateTime")
            .key("bidId")
            .describedAs("Bids on some auctions")
            .build();
    static final OutputPort<LocalItem> Q3 = OutputPort.table("nexmark.q3-local-items.v1", LocalItem.class)
            .eventTime("dateTime")
            .key("auctionId")
            .describedAs("Who sells in category 10, in Oregon, Idaho or California")
            .build();
    static final OutputPort<NewSeller> Q8 = OutputPort.table("nexmark.q8-new-sellers.v1", NewSeller.class)
            .eventTime("windowStart")
            .key("personAndWindow")
            .describedAs("Who came and sold within ten seconds")
            .build();
    static final OutputPort<BidderSession> Q11 = OutputPort.table("nexmark.q11-sessions.v1", BidderSession.class)
            .eventTime("start")
            .key("bidderAndStart")
            .describedAs("How many bids a person made in a session, which ends with ten seconds of silence")
            .build();

    private NexmarkPorts() {}

    /** Of a port with records of a class. */
    static PortAddress addressOf(Class<?> type) {
        return Stream.of(PERSONS, AUCTIONS, Q0, Q2, Q3, Q8, Q11)
                .filter(port -> port.asInput().type() == type)
                .findFirst()
                .orElseThrow()
                .address();
    }
}
