package io.kappamesh.console.demo;

import io.kappamesh.command.Screen;
import io.kappamesh.console.work.StoppableWork;
import io.kappamesh.ingest.IngestReport;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.stack.Workspace;
import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.PublishedAnswers;
import io.kappamesh.tpch.QueryAnswers;
import io.kappamesh.tpch.TpchEvents;
import io.kappamesh.tpch.TpchQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** The story of the demo, from an empty machine to the published answers. Used once. */
final class Demo {
    private static final long GLANCE_MILLIS = 250;

    private final DemoOptions options;
    private final Screen screen;
    private final DemoReport report;
    private volatile boolean interrupted;

    Demo(DemoOptions options, Screen screen) {
        this.options = options;
        this.screen = screen;
        this.report = new DemoReport(options.scale(), options.history());
    }

    /** Tells it; true if the answers agree with the published ones, or none are published for the scale. */
    boolean run() throws Exception {
        Path home = home();
        boolean agreed = false;
        try {
            say(
                    "Starting a broker on 127.0.0.1:%d and a schema registry on 127.0.0.1:%d",
                    options.brokerPort(), options.registryPort());
            try (LocalPlatform platform = LocalPlatform.start(home, options)) {
                Thread onInterrupt = onInterrupt(platform, home);
                Runtime.getRuntime().addShutdownHook(onInterrupt);
                try {
                    agreed = play(platform, home);
                } finally {
                    StoppableWork.withdraw(onInterrupt);
                }
            }
        } finally {
            if (!interrupted) {
                keepLogs(home, agreed);
            }
        }
        return agreed;
    }

    private void keepLogs(Path home, boolean agreed) throws IOException {
        if (agreed || isEmpty(home)) {
            deleteUnlessChosen(home);
        } else {
            say("Logs are kept in %s", home);
        }
    }

    /** Nobody looks for the logs of what he has ended himself. */
    private Thread onInterrupt(LocalPlatform platform, Path home) {
        return new Thread(
                () -> {
                    interrupted = true;
                    platform.close();
                    deleteUnlessChosen(home);
                },
                "demo-interrupted");
    }

    private boolean play(LocalPlatform platform, Path home) throws Exception {
        try (SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", platform.registryUrl()));
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, platform.bootstrapServers()))) {
            TpchEvents events = options.sql().isPresent()
                    ? TpchEvents.withMasterData(options.scale())
                    : TpchEvents.atScale(options.scale());
            String domains = inWords(platform.domains());
            long now = events.historyEnd(options.history());
            TpchEvents history = events.before(now);
            TpchEvents live = events.from(now);
            EventFeed feed = new EventFeed(platform.bootstrapServers(), registry);
            Drain drain = new Drain(admin, platform.bootstrapServers());

            say("Creating the topics and registering the contracts of %s", domains);
            platform.provisionDomains();
            if (options.archive().isPresent()) {
                ingest(platform, home, events, now);
            } else {
                say("Loading %,d events of history into the domains' private topics", history.size());
                load(feed.start(history, Optional.empty(), new LongAdder()));
            }

            say("Starting %s; they replay the history", domains);
            platform.startDomains();
            report.replayed(untilDrained(platform, drain, CompletableFuture.completedFuture(null)));

            say("Feeding %,d live events", live.size());
            report.wentLive(untilDrained(platform, drain, feed.start(live, options.liveRate(), new LongAdder())));

            report.products(platform.products(), status(platform).products());
            QueryAnswers answers = new ProductTopics(platform.bootstrapServers(), registry).answers();
            boolean agreed = check(answers);
            if (options.sql().isPresent()) {
                agreed &= new SqlPart(options, screen, report).run(platform, answers);
            }
            report.peakMemory(platform.peakMemory());
            if (options.report().isPresent()) {
                report.write(options.report().get());
            }
            if (options.serve()) {
                serve(platform);
            }
            return agreed;
        }
    }

    /** Writes all events as files, and ingests those before the hand-over; each event is in one of the two, or it ends. */
    private void ingest(LocalPlatform platform, Path home, TpchEvents events, long handOver)
            throws IOException, InterruptedException {
        Path directory = home.resolve(options.archive().orElseThrow());
        if (Files.exists(directory) && !isEmpty(directory)) {
            throw new DemoException("directory " + directory + " is not empty; choose a new one with --from-archives");
        }
        EventArchive archive = new EventArchive(directory);
        say("Writing an archive of all %,d events into %s", events.size(), directory);
        archive.write(events);
        say("Ingesting what it holds before %s", Instant.ofEpochMilli(handOver));
        Map<EventStream, IngestReport> reports =
                archive.ingest(events.streams(), platform.settings("ingest"), Instant.ofEpochMilli(handOver));
        reports.forEach((stream, found) -> {
            report.ingested(found);
            long written = found.written().stream().mapToLong(one -> one).sum();
            say(
                    "  %-28s %,9d rows of %d files: %,d records, %,d left to the live topic",
                    found.port(), found.rows(), found.files().size(), written, found.live());
            long before = events.before(handOver).only(stream).size();
            long all = events.only(stream).size();
            if (!found.isComplete() || written != before || found.live() != all - before || found.refused() != 0) {
                throw new DemoException("port " + found.port() + ": of " + all + " events, " + before
                        + " are before the hand-over; but " + written + " were written, " + found.live()
                        + " left to the live topic, and " + found.refused() + " refused");
            }
        });
    }

    private static void load(CompletableFuture<Void> feed) throws InterruptedException, ExecutionException {
        feed.get();
    }

    /** Shows progress until the feed has ended and every product is through; returns the seconds each of them took. */
    private Map<WorkedProduct, Double> untilDrained(LocalPlatform platform, Drain drain, CompletableFuture<Void> feed)
            throws Exception {
        long began = System.nanoTime();
        DomainStatus status = status(platform);
        List<WorkedProduct> all = platform.products();
        Map<WorkedProduct, Double> seconds = new EnumMap<>(WorkedProduct.class);
        while (seconds.size() < all.size()) {
            requireAlive(platform);
            Map<String, DomainStatus.Product> products = status.products();
            screen.draw(bars(all, products));
            if (feed.isDone() && products.size() == all.size()) {
                feed.get();
                for (WorkedProduct product : all) {
                    if (!seconds.containsKey(product)) {
                        if (!drain.isDrained(product)) {
                            break;
                        }
                        seconds.put(product, (System.nanoTime() - began) / 1e9);
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
        screen.keep(bars(all, status.products()));
        return seconds;
    }

    private static List<String> bars(List<WorkedProduct> all, Map<String, DomainStatus.Product> products) {
        List<String> bars = new ArrayList<>();
        for (WorkedProduct product : all) {
            DomainStatus.Product known = products.getOrDefault(product.product(), DomainStatus.Product.UNKNOWN);
            bars.add(new ProgressBar(
                            product.product(), known.done(), known.target(), known.ratePerSecond(), known.state())
                    .toString());
        }
        return bars;
    }

    private void say(String format, Object... values) {
        screen.say(String.format(Locale.ROOT, format, values));
    }

    private static void requireAlive(LocalPlatform platform) {
        for (String domain : platform.domains()) {
            if (!platform.domain(domain).isAlive()) {
                throw new DemoException("domain " + domain + " ended with exit code "
                        + platform.domain(domain).awaitExitCode() + "; the end of its log:\n"
                        + platform.domain(domain).logTail(30));
            }
        }
    }

    private boolean check(QueryAnswers answers) {
        Optional<PublishedAnswers> published = PublishedAnswers.forScale(options.scale());
        boolean agreed = true;
        for (TpchQuery query : QueryAnswers.queries()) {
            Answer found = answers.answer(query);
            Optional<Answer> expected = published.map(all -> all.answer(query));
            List<String> differences = expected.map(found::differencesFrom).orElse(List.of());
            agreed &= differences.isEmpty();
            report.answer(query, found, expected);
            say(
                    "%nTPC-H Q%d, from %s: %s",
                    query.number(),
                    WorkedProduct.SHIPMENTS.output(),
                    expected.isEmpty()
                            ? "no answer is published for this scale"
                            : differences.isEmpty()
                                    ? "equals the published answer"
                                    : "DIFFERS from the published answer");
            AnswerTable.lines(found, expected).forEach(line -> say("%s", line));
            differences.forEach(difference -> say("  %s", difference));
        }
        return agreed;
    }

    private void serve(LocalPlatform platform) throws InterruptedException {
        say(
                "%nServing: broker %s, registry %s, status and metrics on %s",
                platform.bootstrapServers(),
                platform.registryUrl(),
                inWords(platform.domains().stream()
                        .map(domain -> "http://127.0.0.1:" + platform.httpPort(domain))
                        .toList()));
        say("READY");
        new CountDownLatch(1).await();
    }

    private static DomainStatus status(LocalPlatform platform) {
        return new DomainStatus(
                platform.domains().stream().map(platform::httpPort).toList());
    }

    /** {@code one, two and three}. */
    private static String inWords(List<String> several) {
        int last = several.size() - 1;
        return String.join(", ", several.subList(0, last)) + " and " + several.get(last);
    }

    private Path home() throws IOException {
        if (options.home().isEmpty()) {
            return Files.createTempDirectory("mesh-demo");
        }
        Path home = Files.createDirectories(options.home().get().toAbsolutePath());
        if (!isEmpty(home)) {
            throw new DemoException("directory " + home + " is not empty; choose a new one with --home");
        }
        return home;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    /** Takes a temporary home away; one that the user chose stays. */
    private void deleteUnlessChosen(Path home) {
        new Workspace(home, options.home().isEmpty()).close();
    }
}
