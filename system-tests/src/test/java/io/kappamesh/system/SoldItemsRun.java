package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.compare.Verification;
import io.kappamesh.contracts.faults.Sold;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.cut.Progress;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Promotion;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.Ports;
import io.kappamesh.testkit.LocalMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Generations of {@link SoldItems} as processes, operators beside them, sales that go on all the while, and what has to hold in the end. */
final class SoldItemsRun implements AutoCloseable {
    /** Only ever reached by a test that fails: what is awaited comes in its own time. */
    static final Duration TIMEOUT = Duration.ofMinutes(3);

    private static final Pattern LIVE = Pattern.compile("\"state\"\\s*:\\s*\"LIVE\"");
    private static final int HISTORY = 2_000;
    private static final int BRIEFLY_MILLIS = 3_000;
    /** With which a command is refused soon while a candidate stands. */
    static final int LAG_RECORDS = 1_000;

    private final LocalMesh mesh;
    private final Path home;
    private final SoldItems items;
    private final String domain;
    private final List<Instance> instances = new CopyOnWriteArrayList<>();
    private final SchemaRegistry registry;
    private final Admin admin;
    private final Lifecycle lifecycle;
    private final SaleFeed feed;
    private int operators;

    /** Provisions the product and begins to sell; nothing counts yet. */
    SoldItemsRun(LocalMesh mesh, Path home, String domain) {
        this.mesh = mesh;
        this.home = home;
        this.domain = domain;
        this.items = new SoldItems(domain);
        mesh.provision(items.product());
        this.registry = SchemaRegistry.connect(Map.of("schema.registry.url", mesh.registryUrl()));
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, mesh.bootstrapServers()));
        this.lifecycle = connect();
        this.feed = new SaleFeed(items.sales, mesh.bootstrapServers(), registry);
        feed.start(HISTORY);
    }

    /** A process with its own state, which can be started again and again. */
    final class Instance {
        private final JavaCommand command;
        private final String settings;
        private final int port;
        private JavaProcess process;

        private Instance(String name, String... verb) {
            port = Ports.free();
            Map<String, String> values = settings(name.substring(0, 2));
            values.put("mesh.http.port", Integer.toString(port));
            settings = file(name, values);
            command = java(name, Participant.class).arguments(domain);
            process = command.arguments(verb).arguments("--config", settings).start();
        }

        /** Whatever it was begun as: it goes on with the generations of its build. */
        void start() {
            process = command.arguments("run", "--config", settings).start();
        }

        void kill() {
            process.kill();
        }

        void restart() {
            process.kill();
            start();
        }

        void stopInOrder() {
            process.stop(TIMEOUT);
        }

        /** In order; how long that took. */
        Duration stopAndMeasure() {
            long from = System.nanoTime();
            process.stop(TIMEOUT);
            return Duration.ofNanos(System.nanoTime() - from);
        }

        int port() {
            return port;
        }

        JavaProcess process() {
            return process;
        }

        /** Until what it runs keeps up; that the serving generation runs elsewhere would be enough to be ready. */
        Instance awaitLive() {
            Probe probe = new Probe(port);
            await().alias(process.name() + " to be live").atMost(TIMEOUT).until(() -> {
                assertThat(process.isAlive())
                        .as(() -> process.name() + " ended; its log:\n" + process.logTail(60))
                        .isTrue();
                return LIVE.matcher(probe.products().body()).find();
            });
            return this;
        }
    }

    /** Starts a process that serves, of the build that the first two letters of its name tell. */
    Instance serve(String name) {
        return started(new Instance(name, "run"));
    }

    /** Starts a process of a candidate, likewise. */
    Instance replay(String name) {
        return started(
                new Instance(name, "replay", items.product().product().name().toString()));
    }

    private Instance started(Instance instance) {
        instances.add(instance);
        return instance;
    }

    /** All of them, running or not. */
    List<Instance> instances() {
        return List.copyOf(instances);
    }

    SoldItems items() {
        return items;
    }

    SaleFeed feed() {
        return feed;
    }

    Admin admin() {
        return admin;
    }

    /** Another operator in this process. */
    Lifecycle connect() {
        return Lifecycle.connect(Settings.of(settings("operator"), Map.of()));
    }

    /** Compares the two, which agree; a candidate that stood before is given the time to catch up. */
    Verification verify() {
        Verification found = CaughtUp.then(
                () -> lifecycle.verify(items.name, OptionalInt.of(candidate()), List.of(), Progress.SILENT));
        assertThat(found.agrees()).as("%s", found).isTrue();
        return found;
    }

    /** Promotes the one generation that does not serve. */
    Promotion promote(boolean force, Progress progress) {
        return lifecycle.promote(items.name, OptionalInt.of(candidate()), force, progress);
    }

    Promotion verifiedAndPromoted(Progress progress) {
        verify();
        return promote(false, progress);
    }

    /** An operator as a process, which dies at a step; returns when it has ended. */
    JavaProcess operator(String diesAt) {
        operators++;
        JavaProcess process = java("operator-" + operators, Operator.class)
                .arguments(domain, diesAt, file("operator", settings("operator")))
                .start();
        await().atMost(TIMEOUT).until(() -> !process.isAlive());
        return process;
    }

    ProductLifecycle decided() {
        return ControlSnapshot.read(List.of(items.name), Map.of("bootstrap.servers", mesh.bootstrapServers()))
                .lifecycle(items.name)
                .orElseThrow();
    }

    int serving() {
        return decided().serving().orElseThrow().number();
    }

    int candidate() {
        return decided().candidates().get(0).number();
    }

    boolean hasRole(int generation, Role role) {
        return decided().role(generation).orElseThrow() == role;
    }

    /** Who wrote last to each partition of the public topic and what, committed or not, by producer id. */
    Map<Long, String> writers() throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(List.of(publicTopic()))
                .allTopicNames()
                .get()
                .get(publicTopic())
                .partitions()
                .forEach(partition -> partitions.add(new TopicPartition(publicTopic(), partition.partition())));
        Map<Long, String> writers = new TreeMap<>();
        admin.describeProducers(partitions)
                .all()
                .get()
                .forEach((partition, found) -> found.activeProducers()
                        .forEach(one -> writers.merge(
                                one.producerId(),
                                partition.partition() + "@" + one.lastTimestamp() + " ",
                                String::concat)));
        return writers;
    }

    /** Where the sales end that are committed, over all partitions. */
    long ends() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        String topic = items.sales.address().topic();
        for (int partition = 0; partition < items.sales.contract().partitions(); partition++) {
            asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        return admin
                .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(BRIEFLY_MILLIS))
                .all()
                .get()
                .values()
                .stream()
                .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                .sum();
    }

    /** How many sales a generation has committed. */
    long committed(int generation) throws ExecutionException, InterruptedException {
        String topic = items.sales.address().topic();
        return admin
                .listConsumerGroupOffsets(
                        items.name + ".g" + generation, new ListConsumerGroupOffsetsOptions().timeoutMs(BRIEFLY_MILLIS))
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()
                .stream()
                .filter(one -> one.getKey().topic().equals(topic))
                .mapToLong(one -> one.getValue().offset())
                .sum();
    }

    /** How many processes belong to a generation's group, as far as brokers know; -1 while they are changing. */
    int members(int generation) throws ExecutionException, InterruptedException {
        String group = items.name + ".g" + generation;
        if (admin.listGroups().all().get().stream()
                .noneMatch(listed -> listed.groupId().equals(group))) {
            return 0;
        }
        ConsumerGroupDescription described =
                admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        return described.groupState() == GroupState.STABLE
                ? described.members().size()
                : described.groupState() == GroupState.EMPTY ? 0 : -1;
    }

    String publicTopic() {
        return items.sold.address().topic();
    }

    String shadow(int generation) {
        return publicTopic() + ".g" + generation;
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return TopicLog.records(mesh.bootstrapServers(), topic);
    }

    /** Every quantity that was ever told of an item, in order. */
    Map<String, List<Long>> quantities(String topic) {
        Map<String, List<Long>> quantities = new TreeMap<>();
        new TopicLog(mesh.bootstrapServers(), registry)
                .history(topic, Sold.class)
                .forEach((item, history) -> quantities.put(
                        item, history.stream().map(Sold::getQuantity).toList()));
        return quantities;
    }

    private void awaitSums(String topic) {
        Map<String, Long> expected = feed.sums();
        await().alias(topic + " to say what was sold")
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(last(quantities(topic))).isEqualTo(expected));
    }

    /** Ends the sales; then public topic and shadow are to say what was sold, and never to have said less after more. */
    void requireNothingLostNothingDoubledNothingOld() throws InterruptedException {
        feed.stop();
        for (String topic : List.of(publicTopic(), shadow(candidate()))) {
            awaitSums(topic);
            assertThat(quantities(topic))
                    .as(topic)
                    .allSatisfy((item, history) -> assertThat(history).as(item).isSorted());
        }
        assertThat(decided().cut()).isNull();
    }

    /** What an ordinary consumer would make of it. */
    static Map<String, Long> last(Map<String, List<Long>> quantities) {
        Map<String, Long> last = new TreeMap<>();
        quantities.forEach((item, history) -> last.put(item, history.get(history.size() - 1)));
        return last;
    }

    private Map<String, String> settings(String build) {
        Map<String, String> settings = new LinkedHashMap<>(mesh.settings());
        settings.put("mesh.build", build);
        settings.put("mesh.replay.lag.records", Integer.toString(LAG_RECORDS));
        // The least that brokers allow, so that members that died are soon gone.
        settings.put("streams.consumer.session.timeout.ms", "6000");
        settings.put("streams.consumer.heartbeat.interval.ms", "2000");
        return settings;
    }

    private String file(String name, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        Path file = home.resolve(name + ".properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return file.toString();
    }

    private JavaCommand java(String name, Class<?> main) {
        return JavaCommand.main(
                        name, home.resolve(name + ".log"), System.getProperty("java.class.path"), main.getName())
                .jvmArguments("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-DLOG_LEVEL=INFO");
    }

    @Override
    public void close() {
        feed.close();
        lifecycle.close();
        instances.forEach(instance -> instance.process().kill());
        admin.close();
        registry.close();
    }
}
