package io.kappamesh.benchmarks.nexmark;

import io.kappamesh.contracts.nexmark.Auction;
import io.kappamesh.contracts.nexmark.Bid;
import io.kappamesh.contracts.nexmark.Person;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * Nexmark's events: of each 50 one is a person, three are auctions and 46 are bids, in the order of their times, 10,000 a second of event time. The ratios
 * of hot sellers, auctions and bidders and the sizes are Nexmark's defaults. Event n depends on the seed and n only. Immutable, thread-safe.
 */
public final class Generator {
    private static final int PERSONS = 1;
    private static final int AUCTIONS = 3;
    private static final int ROUND = 50;
    private static final long FIRST_ID = 1_000;
    private static final int FIRST_CATEGORY = 10;
    private static final int CATEGORIES = 5;
    /** The latest of so many is the hot one. */
    private static final long HOT = 100;
    /** Of so many sellers, auctions and bidders all but one are hot. */
    private static final int HOT_SELLERS = 4;

    private static final int HOT_AUCTIONS = 2;
    private static final int HOT_BIDDERS = 4;
    private static final long AUCTIONS_IN_FLIGHT = 100;
    private static final long ACTIVE_PERSONS = 1_000;
    /** Ids of so many that have yet to come may be named. */
    private static final long LEAD = 10;

    private static final int PERSON_BYTES = 200;
    private static final int AUCTION_BYTES = 500;
    private static final int BID_BYTES = 100;
    private static final long EVENTS_PER_MILLI = 10;
    /** Twice the time in which as many auctions begin as are in flight; an auction lasts half of it on average. */
    private static final long LONGEST_MILLIS = 2 * ROUND * AUCTIONS_IN_FLIGHT / AUCTIONS / EVENTS_PER_MILLI;

    private static final long BEGIN_MILLIS =
            Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();

    private static final List<String> STATES = List.of("AZ", "CA", "ID", "OR", "WA", "WY");
    private static final List<String> CITIES = List.of(
            "Phoenix",
            "Los Angeles",
            "San Francisco",
            "Boise",
            "Portland",
            "Bend",
            "Redmond",
            "Seattle",
            "Kent",
            "Cheyenne");
    private static final List<String> FIRST_NAMES =
            List.of("Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter");
    private static final List<String> LAST_NAMES =
            List.of("Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris");
    private static final List<String> CHANNELS = List.of("Google", "Facebook", "Baidu", "Apple");

    private final long seed;
    private final long events;

    /** @param events how many there are of all three kinds */
    public Generator(long seed, long events) {
        this.seed = seed;
        this.events = events;
    }

    /** Those who sell or bid. */
    public Stream<Person> persons() {
        return of(0, PERSONS, this::person);
    }

    /** What is sold. */
    public Stream<Auction> auctions() {
        return of(PERSONS, AUCTIONS, this::auction);
    }

    /** What is bid. */
    public Stream<Bid> bids() {
        return of(PERSONS + AUCTIONS, ROUND - PERSONS - AUCTIONS, this::bid);
    }

    private <E extends SpecificRecord> Stream<E> of(int first, int count, LongFunction<E> event) {
        return LongStream.range(0, events)
                .filter(n -> n % ROUND >= first && n % ROUND < first + count)
                .mapToObj(event);
    }

    private Person person(long n) {
        SplittableRandom random = random(n);
        String first = one(FIRST_NAMES, random);
        String last = one(LAST_NAMES, random);
        Person person = Person.newBuilder()
                .setPersonId(id(lastPerson(n)))
                .setName(first + " " + last)
                .setEmailAddress(text(7, random) + "@" + text(5, random) + ".com")
                .setCreditCard(digits(16, random))
                .setCity(one(CITIES, random))
                .setState(one(STATES, random))
                .setDateTime(time(n))
                .setExtra("")
                .build();
        int size = 8
                + person.getName().length()
                + person.getEmailAddress().length()
                + person.getCreditCard().length()
                + person.getCity().length()
                + person.getState().length();
        person.setExtra(filling(PERSON_BYTES, size, random));
        return person;
    }

    private Auction auction(long n) {
        SplittableRandom random = random(n);
        long initial = price(random);
        Auction auction = Auction.newBuilder()
                .setAuctionId(id(lastAuction(n)))
                .setItemName(text(20, random))
                .setDescription(text(100, random))
                .setInitialBid(initial)
                .setReserve(initial + price(random))
                .setDateTime(time(n))
                .setExpires(time(n).plusMillis(1 + random.nextLong(LONGEST_MILLIS)))
                .setSeller(id(random.nextInt(HOT_SELLERS) > 0 ? lastPerson(n) / HOT * HOT : somePerson(n, random)))
                .setCategory(FIRST_CATEGORY + random.nextInt(CATEGORIES))
                .setExtra("")
                .build();
        int size =
                48 + auction.getItemName().length() + auction.getDescription().length();
        auction.setExtra(filling(AUCTION_BYTES, size, random));
        return auction;
    }

    private Bid bid(long n) {
        SplittableRandom random = random(n);
        long auction = random.nextInt(HOT_AUCTIONS) > 0 ? lastAuction(n) / HOT * HOT : someAuction(n, random);
        long bidder = random.nextInt(HOT_BIDDERS) > 0 ? lastPerson(n) / HOT * HOT + 1 : somePerson(n, random);
        Bid bid = Bid.newBuilder()
                .setBidId(Long.toString(n))
                .setAuction(id(auction))
                .setBidder(id(bidder))
                .setPrice(price(random))
                .setChannel(one(CHANNELS, random))
                .setUrl("https://www.nexmark.com/" + text(5, random) + "/item.htm?query=1")
                .setDateTime(time(n))
                .setExtra("")
                .build();
        bid.setExtra(filling(BID_BYTES, 32, random));
        return bid;
    }

    /** The number of the latest person at event n, from 0. */
    private static long lastPerson(long n) {
        return n / ROUND * PERSONS;
    }

    /** The number of the latest auction at event n, from 0; those of the first round are there before it is over. */
    private static long lastAuction(long n) {
        long offset = n % ROUND;
        if (offset < PERSONS) {
            return Math.max(0, n / ROUND * AUCTIONS - 1);
        }
        return n / ROUND * AUCTIONS + Math.min(offset - PERSONS, AUCTIONS - 1);
    }

    private static long somePerson(long n, SplittableRandom random) {
        long persons = lastPerson(n) + 1;
        long active = Math.min(persons, ACTIVE_PERSONS);
        return persons - active + random.nextLong(active + LEAD);
    }

    private static long someAuction(long n, SplittableRandom random) {
        long last = lastAuction(n);
        long first = Math.max(last - AUCTIONS_IN_FLIGHT, 0);
        return first + random.nextLong(last - first + 1 + LEAD);
    }

    private static String id(long number) {
        return Long.toString(FIRST_ID + number);
    }

    private static Instant time(long n) {
        return Instant.ofEpochMilli(BEGIN_MILLIS + n / EVENTS_PER_MILLI);
    }

    private SplittableRandom random(long n) {
        return new SplittableRandom(seed * 1_000_003 + n);
    }

    private static long price(SplittableRandom random) {
        return Math.round(Math.pow(10, random.nextDouble() * 6) * 100);
    }

    private static <T> T one(List<T> of, SplittableRandom random) {
        return of.get(random.nextInt(of.size()));
    }

    /** Up to a fifth more or less than the size that is wanted, as Nexmark fills its records. */
    private static String filling(int wanted, int have, SplittableRandom random) {
        int least = Math.max(0, (wanted - have) * 4 / 5);
        int most = Math.max(0, (wanted - have) * 6 / 5);
        return text(least + random.nextInt(most - least + 1), random);
    }

    private static String digits(int length, SplittableRandom random) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('0' + random.nextInt(10)));
        }
        return text.toString();
    }

    private static String text(int length, SplittableRandom random) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
