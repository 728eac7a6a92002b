package io.kappamesh.console.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /** The virtual machine halts as soon as its hooks have ended. */
    @Test
    void processThatIsToldToEndWaitsUntilItIsSaidWhatBecameOfTheWork() throws Exception {
        Thread hook = new Thread(() -> StoppableWork.atEnd(told::countDown, said, Duration.ofSeconds(50)), "hook");
        hook.start();
        await().until(() -> told.getCount() == 0 && hook.getState() == Thread.State.TIMED_WAITING);

        said.countDown();

        hook.join(Duration.ofSeconds(10).toMillis());
        assertThat(hook.isAlive()).isFalse();
    }

    @Test
    void workThatDoesNotEndIsWaitedForNoLongerThanThat() {
        StoppableWork.atEnd(told::countDown, said, Duration.ofMillis(10));

        assertThat(told.getCount()).isZero();
        assertThat(said.getCount()).isOne();
    }

    @Test
    void whatTheWorkReturnsIsPrintedWhenItHasEnded() throws Exception {
        int code = StoppableWork.run(
                "work",
                () -> {
                    committed.set(true);
                    return 7;
                },
                () -> {},
                told::countDown,
                number -> committed.get() ? number : -1,
                System.err);

        assertThat(code).isEqualTo(7);
    }

    /** The virtual machine may halt as soon as the latch is released. */
    @Test
    void whyTheWorkHasFailedIsPrintedBeforeTheProcessMayEnd() throws Exception {
        assertThat(failed(new LifecycleException(ExitCode.CONTRACT, "the topic does not exist")))
                .isEqualTo(ExitCode.CONTRACT.number());
        assertThat(printed.toString(StandardCharsets.UTF_8).strip()).isEqualTo("the topic does not exist");
        assertThat(failed(new IllegalArgumentException("broken"))).isEqualTo(ExitCode.BUG.number());
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("IllegalArgumentException: broken");
        assertThat(committed).as("printed as a result").isFalse();
    }

    private int failed(RuntimeException failure) throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        printed.reset();
        OutputStream whileOpen = new OutputStream() {
            @Override
            public void write(int one) {
                if (open.getCount() > 0) {
                    printed.write(one);
                }
            }
        };
        return StoppableWork.run(
                "work",
                () -> {
                    throw failure;
                },
                () -> {},
                told::countDown,
                nothing -> committed.getAndSet(true) ? 1 : 0,
                new PrintStream(whileOpen, true, StandardCharsets.UTF_8),
                open);
    }
}
