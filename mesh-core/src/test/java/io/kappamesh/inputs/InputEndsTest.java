package io.kappamesh.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fixture.ManualClock;
import io.kappamesh.generation.Generation;
import io.kappamesh.observe.ProductMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class InputEndsTest {
    private static final TopicPartition ZERO = new TopicPartition("in", 0);

    /** What a product counts by the clock goes on while brokers are away, and after a fault of the thread that all products share. */
    @Test
    void productsAreToldAlsoIfNobodyAnswers() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Admin away = (Admin) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new NoClassDefFoundError("of a file that was replaced");
                    }
                    throw new TimeoutException("no broker answers");
                });
        InputProgress holding = holding();
        try (InputEnds ends = InputEnds.asking(away)) {
            looks = new CountDownLatch(2);
            ends.follow(holding);

            assertThat(looks.await(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(asked).hasValueGreaterThan(1);
    }

    private volatile CountDownLatch looks = new CountDownLatch(0);

    /** Holds a partition, and looks at the clock whenever it is told something. */
    private InputProgress holding() {
        InputProgress progress = new InputProgress(
                Set.of("in"),
                10,
                new UncommittedRecords(),
                new ProductMetrics(Generation.of("p.x.g1"), new SimpleMeterRegistry(), new ManualClock()),
                () -> {
                    looks.countDown();
                    return System.nanoTime();
                });
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 100L));
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.assign(List.of(ZERO));
        consumer.seek(ZERO, 0L);
        progress.update(consumer, partition -> OptionalLong.of(100));
        return progress;
    }
}
