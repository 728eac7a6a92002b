package io.kappamesh.retirement;

import io.kappamesh.brokers.AdminCall;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.Progress;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.RetiredPort;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import io.kappamesh.status.ProductRecords;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Ends ports for good. First the decision, in the control topic of the port's product: from then on a build without the port may go on with the
 * state of one that had it. Once no generation's build publishes the port, its topic is deleted. Every step can be done again.
 *
 * <p>The schemas stay in the registry: records that somebody has kept name them, and they keep the address from being used for something
 * else. One thread at a time. What is refused or cannot be done throws {@link LifecycleException}, with what to do next.
 */
public final class PortRetirer implements AutoCloseable {
    private final Settings settings;
    private final Admin admin;
    private final Discovery discovery;
    private final ProductRecords records;
    private final Clock clock;

    private PortRetirer(Settings settings, Clock clock) {
        this.settings = settings;
        this.admin = LazyAdmin.of(settings.admin());
        this.discovery = Discovery.connect(settings);
        this.records = new ProductRecords(admin, settings);
        this.clock = clock;
    }

    /** Connects when it is first needed. */
    public static PortRetirer connect(Settings settings) {
        return Attempt.at("brokers " + settings.bootstrapServers(), () -> new PortRetirer(settings, Clock.systemUTC()));
    }

    /**
     * Retires a port.
     *
     * @param by who does it, for whoever asks later
     * @param force whether to do so although somebody reads it, or is promised to be able to; what spoke against it is recorded
     * @throws LifecycleException {@link ExitCode#CONTRACT} with everything that speaks against it; {@link ExitCode#CONFIGURATION} when no
     *     product has such a port, or another command is at work on it
     */
    public PortRetirement retire(PortAddress port, String by, boolean force, Progress progress) {
        String what = "retire port " + port;
        return Attempt.at(what, () -> {
            List<ProductLifecycle> products = records.all();
            ProductLifecycle owner = owner(port, products);
            requireNoCut(what, owner);
            @Nullable RetiredPort known = owner.retiredPort(port.toString()).orElse(null);
            List<String> objections = PortReaders.of(admin, port, LocalDate.now(clock.withZone(ZoneOffset.UTC)))
                    .objections(port, owner.name(), products, discovery.seen());
            List<String> news = news(objections, known);
            if (!news.isEmpty() && !force) {
                throw new LifecycleException(
                        ExitCode.CONTRACT,
                        what + ": " + String.join("; ", news)
                                + ". Nothing is changed. Let its readers move, or retire it with --force, which is recorded");
            }
            return decided(owner.name(), port, progress, record(port, known, objections, by, clock.instant()));
        });
    }

    /** What speaks against it and was not known when it was retired before. */
    static List<String> news(List<String> objections, @Nullable RetiredPort known) {
        return objections.stream()
                .filter(one -> known == null || known.despite().stream().noneMatch(other -> isSame(one, other)))
                .toList();
    }

    /** What is recorded: who retired it first stays known, and what is forced later is added. */
    static RetiredPort record(
            PortAddress port, @Nullable RetiredPort known, List<String> objections, String by, Instant now) {
        return known == null
                ? new RetiredPort(port.toString(), now.toString(), by, objections)
                : known.despiteAlso(news(objections, known).stream()
                        .map(one -> one + ", at " + now + " by " + by)
                        .toList());
    }

    /** About the same reader, or word for word the same. */
    private static boolean isSame(String objection, String other) {
        int end = objection.indexOf(" (");
        return other.startsWith(end < 0 ? objection : objection.substring(0, end + 2));
    }

    /** Whose port it is, or was. */
    private ProductLifecycle owner(PortAddress port, List<ProductLifecycle> products) {
        return find(
                        products,
                        one -> one.serving()
                                .filter(record -> record.outputs().contains(port.topic()))
                                .isPresent())
                .or(() -> find(
                        products,
                        one -> one.live().stream()
                                .anyMatch(record -> record.outputs().contains(port.topic()))))
                .or(() -> find(products, one -> one.retiredPort(port.toString()).isPresent()))
                .or(() -> find(
                        products,
                        one -> one.generations().stream()
                                .anyMatch(record -> record.outputs().contains(port.topic()))))
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "port " + port + ": no product of " + settings.bootstrapServers()
                                + " publishes it, or did so in one of its last generations; is the address right?"));
    }

    private static Optional<ProductLifecycle> find(List<ProductLifecycle> products, Predicate<ProductLifecycle> which) {
        return products.stream().filter(which).findFirst();
    }

    /** Whoever takes the decisions upon himself ends what another command is doing. */
    private void requireNoCut(String what, ProductLifecycle owner) {
        Cut cut = owner.cut();
        if (cut != null && !cut.isOver(clock.instant())) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    what + ": another command pauses generations of " + owner.product()
                            + "; wait until that is done, or, if it died, run `release " + owner.product() + "`");
        }
    }

    /** Holds the decisions about the product until the topic is deleted: a generation that begins to publish the port meanwhile ends this. */
    private PortRetirement decided(ProductName product, PortAddress port, Progress progress, RetiredPort record)
            throws ExecutionException, InterruptedException {
        try (ControlWriter writer = ControlWriter.take(product, settings.client())) {
            writer.decide(now -> now.retired(record));
            progress.step("port " + port + ": retired; builds of " + product + " may leave it out");
            List<String> publishers = publishers(port, records.all());
            if (!publishers.isEmpty()) {
                return new PortRetirement(record, publishers, List.of());
            }
            // Written first: a build with the port that starts meanwhile must not make the topic again.
            RetiredPort deleted = record.deleted(clock.instant().toString());
            writer.decide(now -> now.retired(deleted));
            return new PortRetirement(deleted, List.of(), deleted(port, progress));
        }
    }

    /** Generations whose build publishes it: they would write to a topic that is gone, or that brokers make again. */
    private static List<String> publishers(PortAddress port, List<ProductLifecycle> products) {
        List<String> publishers = new ArrayList<>();
        products.forEach(product -> product.live().stream()
                .filter(one -> one.outputs().contains(port.topic()))
                .forEach(one ->
                        publishers.add(new Generation(product.name(), one.number()) + " of build " + one.build())));
        return publishers;
    }

    private List<String> deleted(PortAddress port, Progress progress) throws ExecutionException, InterruptedException {
        Set<String> existing = AdminCall.ask(() -> admin.listTopics().names());
        List<String> topics = PortReaders.topics(port, existing);
        for (String topic : topics) {
            try {
                TopicAdmin.delete(admin, topic);
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed;
                }
            }
            progress.step("port " + port + ": deleted topic " + topic);
        }
        return topics;
    }

    @Override
    public void close() {
        discovery.close();
        admin.close();
    }
}
