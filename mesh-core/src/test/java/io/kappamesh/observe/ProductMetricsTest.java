package io.kappamesh.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.kappamesh.fixture.ManualClock;
import io.kappamesh.fixture.Products;
import io.kappamesh.generation.Generation;
import io.kappamesh.intake.Reason;
import io.kappamesh.observe.ProductStatus.Replay;
import io.kappamesh.rule.BrokenRule;
import io.kappamesh.rule.RulePolicy;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ProductMetricsTest {
    private static final TopicPartition INPUT = new TopicPartition("orders", 0);

    private final ManualClock time = new ManualClock();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProductMetrics metrics = new ProductMetrics(Generation.of("sales.orders.g1"), registry, time);

    @Test
    void whatAProductDoesIsCountedUnderItsName() {
        long placed = Instant.parse("1998-08-02T00:00:00Z").toEpochMilli();
        metrics.recordIn("orders", 0, 1, placed);
        metrics.recordIn("orders", 0, 2, placed - 1000);
        metrics.recordOut("sales.orders.v1", placed);
        metrics.deadLetter("orders", 0, 2, Reason.TOO_LARGE);

        assertThat(registry.scrape())
                .contains(
                        "mesh_records_in_total{generation=\"g1\",product=\"sales.orders\"} 2.0",
                        "mesh_records_out_total{generation=\"g1\",product=\"sales.orders\"} 1.0",
                        "mesh_dead_letters_total{generation=\"g1\",product=\"sales.orders\",reason=\"too-large\"} 1.0",
                        "mesh_dead_letters_total{generation=\"g1\",product=\"sales.orders\",reason=\"late\"} 0.0",
                        "mesh_event_time_seconds{generation=\"g1\",product=\"sales.orders\"} 9.02016E8",
                        "mesh_freshness_seconds{generation=\"g1\",product=\"sales.orders\"} NaN");
        assertThat(metrics.recordsIn()).isEqualTo(2);
        assertThat(metrics.recordsOut()).isEqualTo(1);
        assertThat(metrics.deadLetters()).isEqualTo(1);
    }

    @Test
    void misplacedRecordsAreCountedByTopicAndForgottenWithTheProduct() {
        assertThat(registry.scrape()).doesNotContain("misplaced");
        metrics.misplaced("ORDERS", 3);
        metrics.misplaced("PAYMENTS", 1);
        metrics.misplaced("ORDERS", 4);

        assertThat(registry.scrape())
                .contains(
                        "mesh_records_misplaced_total{generation=\"g1\",product=\"sales.orders\",topic=\"ORDERS\"} 7.0",
                        "mesh_records_misplaced_total{generation=\"g1\",product=\"sales.orders\",topic=\"PAYMENTS\"} 1.0");
        metrics.remove();
        assertThat(registry.scrape()).doesNotContain("mesh_");
    }

    /** A registry that has nobody to tell counts nothing; the catalogue is told all the same. */
    @Test
    void brokenRulesAreCountedWithoutAnybodyWhoAsksForMeters() {
        ProductMetrics untold =
                new ProductMetrics(Generation.of("sales.orders.g1"), new CompositeMeterRegistry(), time);

        untold.unmet(List.of(new BrokenRule("sales.raw.v1", "has-note", RulePolicy.WARN)));
        untold.broken("sales.orders.v1", List.of("sum-positive", "has-note"));
        untold.broken("sales.orders.v1", List.of("has-note"));

        assertThat(untold.brokenRules())
                .containsExactly(
                        entry(new ProductMetrics.Rule("sales.orders.v1", "has-note"), 2L),
                        entry(new ProductMetrics.Rule("sales.orders.v1", "sum-positive"), 1L),
                        entry(new ProductMetrics.Rule("sales.raw.v1", "has-note"), 1L));
        metrics.broken("sales.orders.v1", List.of("has-note"));
        assertThat(registry.scrape())
                .contains(
                        "mesh_rules_broken_total{generation=\"g1\",port=\"sales.orders.v1\",product=\"sales.orders\",rule=\"has-note\"} 1.0");
        metrics.remove();
        assertThat(registry.scrape()).doesNotContain("mesh_");
    }

    /** The first record would be no rise otherwise: Prometheus takes a counter that appears for one that was always so. */
    @Test
    void rulesAreCountedFromZero() {
        metrics.watchRules(Products.product(
                "sales.orders",
                Products.source("sales.raw.v1").build().asInput(),
                Products.table("sales.orders.v1")
                        .promises("has-id", "it has an id", order -> true)
                        .build()));

        assertThat(registry.scrape())
                .contains(
                        "mesh_rules_broken_total{generation=\"g1\",port=\"sales.orders.v1\",product=\"sales.orders\",rule=\"has-id\"} 0.0");
        assertThat(metrics.brokenRules()).isEmpty();
    }

    @Test
    void lagAndFreshnessFollowWhatWasRead() {
        metrics.progress(Map.of(INPUT, 5L), Map.of(INPUT, 5L));
        time.advance(Duration.ofSeconds(2));
        metrics.progress(Map.of(INPUT, 5L), Map.of(INPUT, 8L));

        assertThat(metrics.behind()).contains(Duration.ofSeconds(2));
        assertThat(registry.scrape())
                .contains(
                        "mesh_lag_records{generation=\"g1\",product=\"sales.orders\"} 3.0",
                        "mesh_freshness_seconds{generation=\"g1\",product=\"sales.orders\"} 2.0");
    }

    @Test
    void aReplayTellsItsPaceAndWhatIsLeft() {
        assertThat(metrics.replay()).isEmpty();
        for (int second = 0; second <= 60; second++) {
            metrics.replay(second * 100L, 10_000, false);
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(metrics.replay())
                .contains(new Replay(6000, 10_000, 100.0, Optional.of(Duration.ofSeconds(40)), false));
        assertThat(registry.scrape())
                .contains(
                        "mesh_replay_done_records{generation=\"g1\",product=\"sales.orders\"} 6000.0",
                        "mesh_replay_target_records{generation=\"g1\",product=\"sales.orders\"} 10000.0");
    }

    @Test
    void whatIsLeftOfAReplayThatStandsStillCannotBeTold() {
        metrics.replay(10, 100, false);
        time.advance(Duration.ofSeconds(10));
        metrics.replay(10, 100, false);

        assertThat(metrics.replay()).contains(new Replay(10, 100, 0.0, Optional.empty(), false));
    }

    @Test
    void afterRemovalNothingOfTheProductIsLeft() {
        metrics.remove();

        assertThat(registry.getMeters()).isEmpty();
    }
}
