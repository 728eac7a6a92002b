package io.kappamesh.benchmarks.nexmark;

import io.kappamesh.contracts.nexmark.BidderSession;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of query 11, which no arm ever closes: with a grace, which records are dropped would depend on how partitions interleave. Their stores are not cached: a
 * cache merges the updates between two commits, and arms commit at different intervals.
 */
final class Sessions {
    static final Duration NEVER = Duration.ofDays(36_500);
    static final Duration RETENTION = NEVER.plus(NexmarkSteps.SPAN);

    private Sessions() {}

    static BidderSession one(BidderSession session) {
        return with(session, session.getBids() + 1);
    }

    static BidderSession both(BidderSession one, BidderSession other) {
        return with(one, one.getBids() + other.getBids());
    }

    private static BidderSession with(BidderSession session, long bids) {
        return new BidderSession(session.getBidderAndStart(), bids, session.getStart(), session.getEnd());
    }

    /** A row of the table; null deletes one whose session has become part of another. */
    static KeyValue<String, @Nullable BidderSession> row(Windowed<String> window, @Nullable BidderSession session) {
        String key = key(window.key(), window.window().start());
        return KeyValue.pair(
                key,
                session == null
                        ? null
                        : session(
                                window.key(),
                                window.window().start(),
                                window.window().end(),
                                session.getBids()));
    }

    static BidderSession session(String bidder, long start, long end, long bids) {
        return new BidderSession(key(bidder, start), bids, Instant.ofEpochMilli(start), Instant.ofEpochMilli(end));
    }

    private static String key(String bidder, long start) {
        return bidder + '|' + start;
    }
}
