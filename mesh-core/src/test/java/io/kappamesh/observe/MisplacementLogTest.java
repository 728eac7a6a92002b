package io.kappamesh.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fixture.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MisplacementLogTest {
    private final ManualClock time = new ManualClock();
    private final List<String> lines = new ArrayList<>();
    private final MisplacementLog log = new MisplacementLog("sales.orders.g1", time, lines::add);

    @Test
    void eachTopicIsToldOfAtOnceAndThenOnceAnHour() {
        log.misplaced("ORDERS", 1);
        log.misplaced("ORDERS", 500);
        log.misplaced("PAYMENTS", 2);
        time.advance(Duration.ofMinutes(59));
        log.misplaced("ORDERS", 600);
        assertThat(lines).hasSize(2);

        time.advance(Duration.ofMinutes(1));
        log.misplaced("ORDERS", 700);
        log.misplaced("ORDERS", 701);

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("sales.orders.g1: 1 record of topic ORDERS so far");
        assertThat(lines.get(1)).startsWith("sales.orders.g1: 2 records of topic PAYMENTS so far");
        assertThat(lines.get(2))
                .startsWith("sales.orders.g1: 700 records of topic ORDERS so far")
                .contains("partitioner=murmur2_random", "keys(…)", "keyedBy(…)");
    }
}
