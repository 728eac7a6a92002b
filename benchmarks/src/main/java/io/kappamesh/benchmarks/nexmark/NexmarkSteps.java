package io.kappamesh.benchmarks.nexmark;

import io.kappamesh.contracts.nexmark.Auction;
import io.kappamesh.contracts.nexmark.AuctionPrice;
import io.kappamesh.contracts.nexmark.Bid;
import io.kappamesh.contracts.nexmark.BidderSession;
import io.kappamesh.contracts.nexmark.LocalItem;
import io.kappamesh.contracts.nexmark.NewSeller;
import io.kappamesh.contracts.nexmark.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** What the queries do with single records, so that all arms do the same. Pure functions. */
final class NexmarkSteps {
    /** Of the windows of query 8, and of the silence that ends a session of query 11. */
    static final Duration SPAN = Duration.ofSeconds(10);

    private static final long SPAN_MILLIS = SPAN.toMillis();
    private static final Set<String> STATES = Set.of("OR", "ID", "CA");

    private NexmarkSteps() {}

    /** Query 1: in thousandths of a Euro, at the rate of 0.908. */
    static Bid inEuro(Bid bid) {
        return Bid.newBuilder(bid).setPrice(bid.getPrice() * 908 / 100).build();
    }

    /** Query 2. */
    static boolean isAsked(Bid bid) {
        return Long.parseLong(bid.getAuction()) % 123 == 0;
    }

    static AuctionPrice price(Bid bid) {
        return AuctionPrice.newBuilder()
                .setBidId(bid.getBidId())
                .setAuction(bid.getAuction())
                .setPrice(bid.getPrice())
                .setDateTime(bid.getDateTime())
                .build();
    }

    /** Query 3. */
    static boolean isLocal(Person person) {
        return STATES.contains(person.getState());
    }

    static boolean isAsked(Auction auction) {
        return auction.getCategory() == 10;
    }

    static LocalItem localItem(Auction auction, Person seller) {
        return LocalItem.newBuilder()
                .setAuctionId(auction.getAuctionId())
                .setName(seller.getName())
                .setCity(seller.getCity())
                .setState(seller.getState())
                .setDateTime(auction.getDateTime())
                .build();
    }

    /** Query 8: a person and the window of a time. */
    static String inWindow(String person, Instant time) {
        return person + '|' + windowStart(time);
    }

    private static long windowStart(Instant time) {
        return Math.floorDiv(time.toEpochMilli(), SPAN_MILLIS) * SPAN_MILLIS;
    }

    static NewSeller newSeller(Person person) {
        return NewSeller.newBuilder()
                .setPersonAndWindow(inWindow(person.getPersonId(), person.getDateTime()))
                .setName(person.getName())
                .setWindowStart(Instant.ofEpochMilli(windowStart(person.getDateTime())))
                .build();
    }

    /** Of two auctions of one seller in one window the same one, whichever comes first. */
    static Auction either(Auction one, Auction other) {
        return Long.parseLong(one.getAuctionId()) <= Long.parseLong(other.getAuctionId()) ? one : other;
    }

    /** Query 11: a session that has yet to see a bid. */
    static BidderSession noBids() {
        return new BidderSession("", 0L, Instant.EPOCH, Instant.EPOCH);
    }
}
