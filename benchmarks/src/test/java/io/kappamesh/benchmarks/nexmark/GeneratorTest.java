package io.kappamesh.benchmarks.nexmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.nexmark.Auction;
import io.kappamesh.contracts.nexmark.Bid;
import io.kappamesh.contracts.nexmark.Person;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final int EVENTS = 50_000;

    private final Generator generator = new Generator(1, EVENTS);
    private final List<Person> persons = generator.persons().toList();
    private final List<Auction> auctions = generator.auctions().toList();
    private final List<Bid> bids = generator.bids().toList();

    @Test
    void ofFiftyEventsOneIsAPersonAndThreeAreAuctions() {
        assertThat(persons).hasSize(EVENTS / 50);
        assertThat(auctions).hasSize(EVENTS * 3 / 50);
        assertThat(bids).hasSize(EVENTS * 46 / 50);
    }

    @Test
    void keysAreUnique() {
        assertThat(persons).extracting(Person::getPersonId).doesNotHaveDuplicates();
        assertThat(auctions).extracting(Auction::getAuctionId).doesNotHaveDuplicates();
        assertThat(bids).extracting(Bid::getBidId).doesNotHaveDuplicates();
    }

    @Test
    void sameSeedMakesTheSameEventsAndAnotherOneMakesOthers() {
        assertThat(new Generator(1, EVENTS).bids().toList()).isEqualTo(bids);
        assertThat(new Generator(2, EVENTS).bids().toList()).isNotEqualTo(bids);
    }

    @Test
    void moreEventsBeginWithTheSameOnes() {
        assertThat(new Generator(1, 2 * EVENTS)
                        .auctions()
                        .limit(auctions.size())
                        .toList())
                .isEqualTo(auctions);
    }

    @Test
    void threeOfFourBidsAreByAHotBidder() {
        Map<Boolean, Long> hot = bids.stream()
                .collect(Collectors.partitioningBy(
                        bid -> Long.parseLong(bid.getBidder()) % 100 == 1, Collectors.counting()));

        assertThat(hot.get(true) / (double) bids.size()).isBetween(0.74, 0.78);
    }

    @Test
    void halfOfTheBidsAreOnAHotAuction() {
        long hot = bids.stream()
                .filter(bid -> Long.parseLong(bid.getAuction()) % 100 == 0)
                .count();

        assertThat(hot / (double) bids.size()).isBetween(0.48, 0.53);
    }

    @Test
    void sellersAreThereOrComeSoon() {
        Set<Long> known = persons.stream()
                .map(person -> Long.parseLong(person.getPersonId()))
                .collect(Collectors.toSet());
        long last = known.stream().mapToLong(Long::longValue).max().orElseThrow();

        assertThat(auctions)
                .extracting(auction -> Long.parseLong(auction.getSeller()))
                .allMatch(seller -> known.contains(seller) || seller <= last + 10);
    }

    @Test
    void timesNeverGoBack() {
        assertThat(bids).extracting(Bid::getDateTime).isSorted();
        assertThat(auctions).allMatch(auction -> auction.getExpires().isAfter(auction.getDateTime()));
    }

    @Test
    void anAuctionLastsAboutAsLongAsAHundredOthersTakeToBegin() {
        assertThat(auctions.stream()
                        .mapToLong(auction -> Duration.between(auction.getDateTime(), auction.getExpires())
                                .toMillis())
                        .average())
                .hasValueCloseTo(167.0, Offset.offset(10.0));
    }

    @Test
    void everyCategoryIsAsOften() {
        Map<Integer, Long> categories = auctions.stream()
                .map(Auction::getCategory)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(categories).containsOnlyKeys(10, 11, 12, 13, 14);
        assertThat(categories.values()).allMatch(count -> count > auctions.size() / 6);
    }
}
