package org.example.shop;

import static org.example.shop.Control.Revealed.ANOTHER_ORDER;
import static org.example.shop.Control.Revealed.CACHE;
import static org.example.shop.Control.Revealed.COMPACTION;
import static org.example.shop.Control.Revealed.EVERYTHING_AT_ONCE;
import static org.example.shop.Control.Revealed.ONCE_MORE;
import static org.example.shop.Control.Revealed.REDELIVERY;
import static org.example.shop.Control.Revealed.RESTART;
import static org.example.shop.Shop.MARKET;
import static org.example.shop.Shop.OFFERS;
import static org.example.shop.Shop.PRICES;
import static org.example.shop.Shop.SALES;
import static org.example.shop.Shop.product;

import io.kappamesh.lint.Rule;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;

/** All of them, in the order of docs/replay-rules.md. */
final class Controls {
    private Controls() {}

    static List<Control> all() {
        return List.of(
                // What is joined
                Control.seenByLinter(
                        "stream-table-join",
                        Rule.STREAM_TABLE_JOIN,
                        EVERYTHING_AT_ONCE,
                        priced(Joins::streamWithTable),
                        priced(Joins::tableWithTable)),
                Control.seenByLinter(
                                "join-without-grace",
                                Rule.STREAM_TABLE_JOIN,
                                EVERYTHING_AT_ONCE,
                                priced(Joins::versionsWithoutGrace),
                                priced(Joins::asOf))
                        .small(),
                Control.seenByProof(
                                "join-beyond-grace",
                                ANOTHER_ORDER,
                                priced(Joins::versionsWithGrace),
                                priced(Joins::asOf))
                        .small(),
                Control.seenByProof(
                        "last-arrival",
                        ANOTHER_ORDER,
                        product(Joins::lastToArrive, List.of(PRICES, OFFERS)),
                        product(Joins::latestByEventTime, List.of(PRICES, OFFERS))),
                // The tables of others
                Control.seenByLinter(
                        "count-of-changes",
                        Rule.CORRECTED_INPUT,
                        REDELIVERY,
                        product(Rows::countOfChanges, List.of(MARKET)),
                        product(Rows::countOfRows, List.of(MARKET))),
                Control.seenByProof(
                        "filtered-changes",
                        COMPACTION,
                        product(Rows::dearChanges, List.of(MARKET)),
                        product(Rows::dearRows, List.of(MARKET))),
                // Time
                Control.seenByLinter(
                        "closing-window",
                        Rule.CLOSING_WINDOW,
                        EVERYTHING_AT_ONCE,
                        sold(Windows::closingByCity),
                        sold(Windows::openByCity)),
                Control.seenByLinter(
                        "closing-window-restart",
                        Rule.CLOSING_WINDOW,
                        RESTART,
                        sold(Windows::closingByProduct),
                        sold(Windows::openByProduct)),
                Control.seenByLinter(
                        "emit-on-close", Rule.EMIT_ON_CLOSE, CACHE, sold(Windows::suppressed), sold(Windows::running)),
                Control.seenByLinter(
                        "stream-time-punctuation",
                        Rule.STREAM_TIME_PUNCTUATION,
                        EVERYTHING_AT_ONCE,
                        sold(Punctuations::byStreamTime),
                        sold(Punctuations::withEachRecord)),
                Control.seenByLinter(
                        "wall-clock-punctuation",
                        Rule.WALL_CLOCK_PUNCTUATION,
                        EVERYTHING_AT_ONCE,
                        sold(Punctuations::byWallClock),
                        sold(Punctuations::withEachRecord)),
                Control.seenByLinter(
                        "clock",
                        Rule.CLOCK,
                        EVERYTHING_AT_ONCE,
                        sold(Questions::timeOfTheMachine),
                        sold(Questions::timeOfTheSale)),
                Control.seenByLinter(
                        "stream-time",
                        Rule.STREAM_TIME,
                        EVERYTHING_AT_ONCE,
                        sold(Questions::lateByStreamTime),
                        product(Questions::lateAtThePort, List.of(SALES.allowingLateness(Questions.HOUR)))),
                // Chance
                Control.seenByLinter(
                        "randomness",
                        Rule.RANDOMNESS,
                        EVERYTHING_AT_ONCE,
                        sold(Questions::sampleByChance),
                        sold(Questions::sampleById)),
                // What is remembered
                Control.seenByLinter(
                        "static-state",
                        Rule.STATIC_STATE,
                        ONCE_MORE,
                        sold(Memories::inAStaticField),
                        sold(Memories::inAStore)),
                Control.seenByProof(
                        "field-of-a-processor", RESTART, sold(Memories::inAField), sold(Memories::inAStore)),
                // What is added up
                Control.seenByProof(
                        "sum-of-doubles", EVERYTHING_AT_ONCE, sold(Sums::ofDoubles), sold(Sums::ofDecimals)),
                Control.seenByProof(
                        "count-of-deliveries", REDELIVERY, sold(Sums::countOfDeliveries), sold(Sums::countOfSales)),
                Control.seenByProof("rows-that-stay", CACHE, sold(Sums::rowsThatStay), sold(Sums::rowsThatGo)));
    }

    private static StreamingProduct sold(ProductTopology topology) {
        return product(topology, List.of(SALES));
    }

    private static StreamingProduct priced(ProductTopology topology) {
        return product(topology, List.of(SALES, PRICES));
    }
}
