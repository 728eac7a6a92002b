package io.kappamesh.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RequestThreadsTest {
    private static final int REQUESTS = 200;

    /** Some are given up before their threads have begun: what they would close stayed open. */
    @Test
    void everyRequestThatIsGivenUpIsInterruptedWhileItRuns() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(REQUESTS);
        CountDownLatch never = new CountDownLatch(1);
        try (RequestThreads threads = new RequestThreads(REQUESTS, Duration.ZERO)) {
            for (int i = 0; i < REQUESTS; i++) {
                threads.execute(() -> {
                    try {
                        never.await();
                    } catch (InterruptedException givenUp) {
                        interrupted.countDown();
                    }
                });
            }

            assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void aRequestThatComesLaterIsNotInterruptedForAnEarlierOne() throws InterruptedException {
        try (RequestThreads threads = new RequestThreads(1, Duration.ofMinutes(1))) {
            for (int i = 0; i < REQUESTS; i++) {
                CountDownLatch ran = new CountDownLatch(1);
                threads.execute(() -> {
                    if (!Thread.currentThread().isInterrupted()) {
                        ran.countDown();
                    }
                });
                assertThat(ran.await(1, TimeUnit.MINUTES)).isTrue();
            }
        }
    }
}
