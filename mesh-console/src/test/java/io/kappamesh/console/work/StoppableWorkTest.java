package io.kappamesh.console.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoppableWorkTest {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch said = new CountDownLatch(1);
    private final AtomicBoolean committed = new AtomicBoolean();

    /** The virtual machine halts as soon as its hooks have ended. */
    @Test
    void processThatIsToldToEndWaitsUntilItIsSaidWhatBecameOfTheWork() throws Exception {
        Thread hook = new Thread(() -> StoppableWork.atEnd(told::countDown, said, Duration.ofSeconds(50)), "hook");
        hook.start();
        await().until(() -> told.getCount() == 0 && hook.getState() == Thread.State.TIMED_WAITING);

        said.countDown();

        hook.join();
    }

    @Test
    void workThatDoesNotEndIsWaitedForNoLongerThanThat() {
        StoppableWork.atEnd(told::countDown, said, Duration.ofMillis(10));

        assertThat(told.getCount()).isZero();
        assertThat(said.getCount()).isOne();
    }

    @Test
    void whatTheWorkReturnsIsSaidWhenItHasEnded() throws Exception {
        String what = StoppableWork.run(
                "work",
                () -> {
                    committed.set(true);
                    return 7;
                },
                () -> {},
                told::countDown,
                number -> number + " " + committed.get());

        assertThat(what).isEqualTo("7 true");
    }

    @Test
    void whatTheWorkEndsWithIsThrownAndNothingIsSaid() {
        assertThatThrownBy(() -> StoppableWork.run(
                        "work",
                        () -> {
                            throw new IllegalArgumentException("broken");
                        },
                        () -> {},
                        told::countDown,
                        nothing -> committed.getAndSet(true)))
                .hasMessage("broken");

        assertThat(committed).isFalse();
    }
}
