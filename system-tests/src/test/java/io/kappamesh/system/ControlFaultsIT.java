package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.control.ControlView;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.Role;
import io.kappamesh.testkit.LocalMesh;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is decided, followed while brokers come and go. */
@Timeout(300)
class ControlFaultsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final int DECISIONS = 20;

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.withBrokers(1);

    @Test
    void whatWasDecidedLongAgoIsNotToldAgainAfterBrokersWereAway() throws Exception {
        ProductName product = ProductName.of("followed.orders");
        Map<String, Object> client = new HashMap<>(Map.of("bootstrap.servers", mesh.bootstrapServers()));
        try (Admin admin = Admin.create(client)) {
            ControlTopic.ensure(admin, product);
        }
        try (ControlWriter writer = ControlWriter.take(product, client)) {
            for (int number = 1; number <= DECISIONS; number++) {
                GenerationRecord next = GenerationRecord.begun(
                        number,
                        Role.CANDIDATE,
                        Computation.of("b" + number, List.of(), List.of()),
                        new PortTopics(List.of(), List.of()),
                        History.upTo(Map.of(), ""));
                writer.decide(now -> now.with(next));
            }
        }
        Map<String, Object> impatient = new HashMap<>(client);
        impatient.put("max.poll.records", 1);
        impatient.put("request.timeout.ms", 500);
        impatient.put("default.api.timeout.ms", 500);
        Queue<Integer> told = new ConcurrentLinkedQueue<>();
        try (Admin admin = Admin.create(impatient);
                ControlView view = ControlView.open(admin, impatient)) {
            await().atMost(TIMEOUT)
                    .until(() -> view.lifecycle(product)
                            .filter(now -> now.generations().size() == DECISIONS)
                            .isPresent());
            view.onChange(product, now -> told.add(now.generations().size()));

            mesh.kafka().pause(1);
            CompletableFuture<Void> known = view.refresh(product);
            await().during(Duration.ofSeconds(2)).until(() -> !known.isDone()); // asked in vain, and again
            mesh.kafka().resume(1);

            await().atMost(TIMEOUT).until(known::isDone);
            assertThat(told).containsOnly(DECISIONS);
        }
    }
}
