package io.kappamesh.console.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoppableWorkTest {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicBoolean committed = new AtomicBoolean();

    /** The virtual machine halts as soon as its hooks have ended. */
    @Test
    void processThatIsToldToEndWaitsForTheWork() throws Exception {
        Thread worker = new Thread(this::endsLate, "worker");
        worker.setDaemon(true);
        worker.start();

        Thread hook = StoppableWork.atEnd(told::countDown, worker, Duration.ofSeconds(50));
        hook.start();
        await().until(() -> told.getCount() == 0 && hook.getState() == Thread.State.TIMED_WAITING);
        mayEnd.countDown();
        hook.join();

        assertThat(committed).isTrue();
        assertThat(worker.isAlive()).isFalse();
    }

    private void endsLate() {
        try {
            mayEnd.await();
            committed.set(true);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void workThatDoesNotEndIsWaitedForNoLongerThanThat() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Thread worker = new Thread(
                () -> {
                    try {
                        never.await();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                "worker");
        worker.setDaemon(true);
        worker.start();

        Thread hook = StoppableWork.atEnd(told::countDown, worker, Duration.ofMillis(10));
        hook.start();
        hook.join();

        assertThat(told.getCount()).isZero();
        assertThat(worker.isAlive()).isTrue();
        never.countDown();
        worker.join();
    }
}
