package io.kappamesh.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A batch that is being written while whoever reads gives up. */
@Timeout(60)
class WriterThreadTest {
    private static final Map<Integer, Position> POSITIONS = Map.of(0, new Position(7, Optional.empty()));

    private final CountDownLatch answer = new CountDownLatch(1);
    private final WriterThread writing = new WriterThread("shop.sales.v1");

    @AfterEach
    void nothingIsInterrupted() {
        boolean unused = Thread.interrupted();
    }

    @Test
    void whatCommitsMeanwhileIsSettledAfterTheClose() throws Exception {
        writing.begin(
                () -> {
                    answer.await();
                    return new BatchWriter.Written(5, 1, 1);
                },
                7,
                POSITIONS);
        assertThat(writing.isBusy()).isTrue();

        // As a loader that is stopped closes it.
        Thread.currentThread().interrupt();
        answer.countDown();
        writing.close();

        assertThat(writing.settle()).get().satisfies(committed -> {
            assertThat(committed.records()).isEqualTo(7);
            assertThat(committed.written()).isEqualTo(new BatchWriter.Written(5, 1, 1));
            assertThat(committed.positions()).isEqualTo(POSITIONS);
        });
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(writing.settle()).isEmpty();
    }

    @Test
    void whatFailsMeanwhileSaysSoAfterTheClose() throws Exception {
        writing.begin(
                () -> {
                    answer.await();
                    throw new SQLException("no room", "53100");
                },
                7,
                POSITIONS);
        answer.countDown();
        writing.close();

        assertThatThrownBy(writing::settle).isInstanceOf(SQLException.class).hasMessage("no room");
        assertThat(writing.settle()).isEmpty();
    }
}
