package io.kappamesh.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Work that is tried again until it is done, such as the look for deprecated inputs. What needs brokers: {@code CatalogIT}. */
class CatalogPublisherTest {
    private final List<Duration> pauses = new ArrayList<>();
    private int attempts;

    @Test
    void whatIsNotDoneIsTriedAgainInAMinuteUntilItIs() throws Exception {
        CatalogPublisher.untilDone(() -> ++attempts == 3, pause -> {
            pauses.add(pause);
            return false;
        });

        assertThat(attempts).isEqualTo(3);
        assertThat(pauses).containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    @Test
    void whoLeavesTriesNoMore() throws Exception {
        CatalogPublisher.untilDone(
                () -> {
                    attempts++;
                    return false;
                },
                pause -> {
                    pauses.add(pause);
                    return pauses.size() == 2;
                });

        assertThat(attempts).isEqualTo(2);
    }

    @Test
    void whatIsDoneAtOnceWaitsForNothing() throws Exception {
        CatalogPublisher.untilDone(() -> true, pause -> {
            pauses.add(pause);
            return false;
        });

        assertThat(pauses).isEmpty();
    }
}
