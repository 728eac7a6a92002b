package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.console.demo.DemoOptions;
import io.kappamesh.console.demo.Drain;
import io.kappamesh.console.demo.EventFeed;
import io.kappamesh.console.demo.LocalPlatform;
import io.kappamesh.console.demo.ProductTopics;
import io.kappamesh.console.demo.WorkedProduct;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.stack.Ports;
import io.kappamesh.tpch.PublishedAnswers;
import io.kappamesh.tpch.QueryAnswers;
import io.kappamesh.tpch.TpchEvents;
import io.kappamesh.tpch.TpchQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Broker and registry on free ports, the worked domains as processes on them, and what tests ask of them. */
final class TestPlatform implements AutoCloseable {
    /** Only ever reached by a test that fails: what is awaited comes in its own time. */
    static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** The scale that has published answers. */
    static final double SCALE = 0.01;

    private final LocalPlatform platform;
    private final SchemaRegistry registry;
    private final Admin admin;
    private final TopicLog topics;

    private TestPlatform(LocalPlatform platform) {
        this.platform = platform;
        this.registry = SchemaRegistry.connect(Map.of("schema.registry.url", platform.registryUrl()));
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, platform.bootstrapServers()));
        this.topics = new TopicLog(platform.bootstrapServers(), registry);
    }

    /** Starts broker and registry; domains are for the test to provision and start. */
    static TestPlatform start(Path home) {
        List<Integer> ports = Ports.free(4);
        return new TestPlatform(LocalPlatform.start(
                home,
                new DemoOptions(
                        SCALE,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.of(home),
                        ports.get(0),
                        ports.get(1),
                        ports.get(2),
                        ports.get(3),
                        Checkout.root(),
                        Optional.empty(),
                        Optional.empty())));
    }

    LocalPlatform processes() {
        return platform;
    }

    SchemaRegistry registry() {
        return registry;
    }

    Admin admin() {
        return admin;
    }

    TopicLog topics() {
        return topics;
    }

    /** Begins to write events as the outside world does, as fast as it goes. */
    CompletableFuture<Void> feed(TpchEvents events) {
        return new EventFeed(platform.bootstrapServers(), registry).start(events, Optional.empty(), new LongAdder());
    }

    /** Waits until all products have committed all that follows from what is in their inputs now. */
    void awaitDrained() {
        for (WorkedProduct product : WorkedProduct.of(platform.domains())) {
            await().alias(product.product() + " to be through").atMost(TIMEOUT).until(() -> {
                requireAlive();
                return isDrained(product);
            });
        }
    }

    /** Whether a product has committed all that follows from its inputs; meaningful once those it reads have. */
    boolean isDrained(WorkedProduct product) throws ExecutionException, InterruptedException {
        return new Drain(admin, platform.bootstrapServers()).isDrained(product);
    }

    private void requireAlive() {
        for (String domain : platform.domains()) {
            assertThat(platform.domain(domain).isAlive())
                    .as(() -> domain + " ended; its log:\n"
                            + platform.domain(domain).logTail(40))
                    .isTrue();
        }
    }

    /** Asserts that the four queries, asked of the product topics, have their published answers. */
    void requirePublishedAnswers() {
        QueryAnswers answers = new ProductTopics(platform.bootstrapServers(), registry).answers();
        PublishedAnswers published = PublishedAnswers.forScale(SCALE).orElseThrow();
        for (TpchQuery query : QueryAnswers.queries()) {
            assertThat(answers.answer(query).differencesFrom(published.answer(query)))
                    .as("%s", query)
                    .isEmpty();
        }
    }

    @Override
    public void close() {
        admin.close();
        registry.close();
        platform.close();
    }
}
