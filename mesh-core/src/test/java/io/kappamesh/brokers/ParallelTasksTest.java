package io.kappamesh.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ParallelTasksTest {

    @Test
    void allAreTrueOnlyIfEachIs() {
        assertThat(ParallelTasks.all("test", List.of(() -> true, () -> true))).isTrue();
        assertThat(ParallelTasks.all("test", List.of(() -> true, () -> false))).isFalse();
        assertThat(ParallelTasks.all("test", List.of())).isTrue();
    }

    @Test
    void whoeverFailsLetsTheOthersEnd() {
        AtomicBoolean ended = new AtomicBoolean();

        assertThatThrownBy(() -> ParallelTasks.all(
                        "test",
                        List.of(
                                () -> {
                                    throw new IllegalArgumentException("no");
                                },
                                () -> {
                                    TimeUnit.MILLISECONDS.sleep(50);
                                    ended.set(true);
                                    return true;
                                })))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("no");
        assertThat(ended).isTrue();
    }

    @Test
    void anInterruptedThreadWaitsForAllOfThem() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        FutureTask<Boolean> stop = new FutureTask<>(() -> {
            boolean all = ParallelTasks.all("test", List.of(() -> {
                begun.countDown();
                mayEnd.await();
                return true;
            }));
            return all && Thread.currentThread().isInterrupted();
        });
        Thread stopping = new Thread(stop);
        stopping.start();
        begun.await();

        stopping.interrupt();
        // It has taken note of the interrupt, and waits again.
        while (stopping.isInterrupted()) {
            Thread.onSpinWait();
        }
        assertThat(stop.isDone()).isFalse();
        mayEnd.countDown();

        assertThat(stop.get(1, TimeUnit.MINUTES)).isTrue();
    }
}
