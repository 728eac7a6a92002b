package io.kappamesh.benchmarks.nexmark;

import io.kappamesh.contracts.nexmark.Auction;
import io.kappamesh.contracts.nexmark.AuctionPrice;
import io.kappamesh.contracts.nexmark.Bid;
import io.kappamesh.contracts.nexmark.BidderSession;
import io.kappamesh.contracts.nexmark.LocalItem;
import io.kappamesh.contracts.nexmark.NewSeller;
import io.kappamesh.contracts.nexmark.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the queries have to answer, computed from the events in memory. Stateless. */
final class Answers {
    private Answers() {}

    static Stream<Bid> q0(Generator generator) {
        return generator.bids();
    }

    static Stream<Bid> q1(Generator generator) {
        return generator.bids().map(NexmarkSteps::inEuro);
    }

    static Stream<AuctionPrice> q2(Generator generator) {
        return generator.bids().filter(NexmarkSteps::isAsked).map(NexmarkSteps::price);
    }

    static Stream<LocalItem> q3(Generator generator) {
        Map<String, Person> local = generator
                .persons()
                .filter(NexmarkSteps::isLocal)
                .collect(Collectors.toMap(Person::getPersonId, Function.identity()));
        return generator
                .auctions()
                .filter(auction -> NexmarkSteps.isAsked(auction) && local.containsKey(auction.getSeller()))
                .map(auction ->
                        NexmarkSteps.localItem(auction, Objects.requireNonNull(local.get(auction.getSeller()))));
    }

    static Stream<NewSeller> q8(Generator generator) {
        Set<String> sold = generator.auctions().map(Answers::sellerInWindow).collect(Collectors.toSet());
        return generator
                .persons()
                .map(NexmarkSteps::newSeller)
                .filter(seller -> sold.contains(seller.getPersonAndWindow()));
    }

    private static String sellerInWindow(Auction auction) {
        return NexmarkSteps.inWindow(auction.getSeller(), auction.getDateTime());
    }

    static Stream<BidderSession> q11(Generator generator) {
        Map<String, List<Long>> times = new TreeMap<>();
        generator
                .bids()
                .forEach(bid -> times.computeIfAbsent(bid.getBidder(), first -> new ArrayList<>())
                        .add(bid.getDateTime().toEpochMilli()));
        return times.entrySet().stream().flatMap(of -> sessions(of.getKey(), of.getValue()));
    }

    /** @param times in their order, as the generator makes them */
    private static Stream<BidderSession> sessions(String bidder, List<Long> times) {
        List<BidderSession> sessions = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= times.size(); i++) {
            if (i == times.size() || times.get(i) - times.get(i - 1) > NexmarkSteps.SPAN.toMillis()) {
                sessions.add(Sessions.session(bidder, times.get(first), times.get(i - 1), i - first));
                first = i;
            }
        }
        return sessions.stream();
    }
}
