package io.kappamesh.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PendingTest {

    @Test
    void workGoesOnWhileOtherWorkIsStarted() throws Exception {
        CountDownLatch both = new CountDownLatch(2);

        Pending<String> one = Pending.start("one", () -> met(both, "one"));
        Pending<String> other = Pending.start("other", () -> met(both, "other"));

        assertThat(one.answer()).isEqualTo("one");
        assertThat(other.answer()).isEqualTo("other");
    }

    @Test
    void whatTheWorkThrowsIsThrownWhereItsAnswerIsAskedFor() {
        IllegalArgumentException wrong = new IllegalArgumentException("wrong");
        Pending<String> unchecked = Pending.start("unchecked", () -> {
            throw wrong;
        });
        Pending<String> stopped = Pending.start("stopped", () -> {
            throw new InterruptedException("stopped");
        });
        ExecutionException refused = new ExecutionException("refused", wrong);
        Pending<String> checked = Pending.start("checked", () -> {
            throw refused;
        });

        assertThatThrownBy(unchecked::answer).isSameAs(wrong);
        assertThatThrownBy(stopped::answer).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(checked::answer)
                .isInstanceOf(IllegalStateException.class)
                .hasCause(refused);
    }

    private static String met(CountDownLatch both, String name) throws InterruptedException {
        both.countDown();
        both.await();
        return name;
    }
}
