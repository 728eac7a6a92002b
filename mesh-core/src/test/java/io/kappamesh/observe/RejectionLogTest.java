package io.kappamesh.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fixture.ManualClock;
import io.kappamesh.intake.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectionLogTest {
    private static final String WHERE =
            "; they are in its dead letters, with what is wrong in the header __streams.errors.message";

    private final ManualClock time = new ManualClock();
    private final List<String> lines = new ArrayList<>();
    private final RejectionLog log = new RejectionLog("sales.orders.g1", time, lines::add);

    @Test
    void theFirstIsToldAtOnceAndTheOthersOnceAMinuteByReason() {
        log.refused(Reason.LATE);
        for (int i = 0; i < 70_000; i++) {
            log.refused(Reason.UNDECODABLE);
        }
        log.refused(Reason.LATE);
        time.advance(Duration.ofSeconds(59));
        log.tellIfDue();
        assertThat(lines).containsExactly("sales.orders.g1: refused 1 record (1 late)" + WHERE);

        time.advance(Duration.ofSeconds(1));
        log.tellIfDue();
        log.tellIfDue();

        assertThat(lines)
                .hasSize(2)
                .last()
                .isEqualTo("sales.orders.g1: refused 70001 records (70000 undecodable, 1 late)" + WHERE);
    }

    @Test
    void whoeverRefusesNothingSaysNothing() {
        time.advance(Duration.ofHours(1));
        log.tellIfDue();
        log.tell();

        assertThat(lines).isEmpty();
    }

    @Test
    void afterAQuietHourTheNextIsToldAtOnceAgain() {
        log.refused(Reason.KEY);
        time.advance(Duration.ofHours(1));
        log.refused(Reason.QUALITY);

        assertThat(lines).last().isEqualTo("sales.orders.g1: refused 1 record (1 quality)" + WHERE);
    }

    @Test
    void theEndTellsWhatIsLeft() {
        log.refused(Reason.KEY);
        log.refused(Reason.KEY);
        log.tell();

        assertThat(lines).hasSize(2);
    }
}
