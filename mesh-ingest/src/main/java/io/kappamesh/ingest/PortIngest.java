package io.kappamesh.ingest;

import io.kappamesh.archive.ArchiveFiles;
import io.kappamesh.brokers.AwaitedTopic;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.handover.ComparedTopic;
import io.kappamesh.handover.HandOverProof;
import io.kappamesh.handover.HandOverReport;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.IngestTopic;
import io.kappamesh.position.Ingested;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.IncompatibleSchemaException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.row.PlannedFile;
import io.kappamesh.row.RowJudge;
import io.kappamesh.settings.Settings;
import io.kappamesh.writers.IngestStep;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Ingests the files of an archive into a source port, exactly once: records and the positions of their rows are written in one transaction. Killed
 * anywhere and started again it neither repeats a row nor skips one; the same archive a second time changes nothing. Of two ingests of one port at once,
 * the later one ends the earlier one.
 *
 * <pre>{@code
 * try (PortIngest<Payment> ingest = PortIngest.builder(settings, PRODUCT.name(), PAYMENTS)
 *         .files("archive/payments-*.csv.gz")
 *         .build()) {
 *     IngestReport report = ingest.run();
 * }
 * }</pre>
 *
 * <p>What the intake of the port would refuse goes to the product's dead letters, with file and row, in place of the port's topic. {@link #run} and {@link
 * #check} belong to one thread; other methods are thread-safe.
 */
public final class PortIngest<V extends IndexedRecord> implements AutoCloseable {
    private final IngestOptions<V> options;
    private final IngestMeters meters = new IngestMeters();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final RetryPolicy retries;

    PortIngest(IngestOptions<V> options) {
        this.options = options;
        this.retries = RetryPolicy.of(options.settings().platformTimeout());
    }

    /**
     * Begins to say how an archive is ingested.
     *
     * @param settings of the platform: brokers and registry
     * @param product that reads the port, and whose dead letters take the rows that are refused
     * @param port a source of the product's domain
     */
    public static <V extends IndexedRecord> PortIngestBuilder<V> builder(
            Settings settings, ProductName product, SourcePort<V> port) {
        return new PortIngestBuilder<>(settings, product, port);
    }

    /** How far it is. */
    public IngestProgress progress() {
        return meters.progress();
    }

    /** Lets {@link #run} or {@link #check} end after the transaction that is under way; returns at once. Idempotent. */
    @Override
    public void close() {
        stop.countDown();
        retries.stop();
    }

    /**
     * Looks at every row, and writes nothing: neither a topic nor a record, and no broker is asked.
     *
     * @return what would be refused, and what would stop an ingest
     * @throws LifecycleException when files cannot be read
     */
    public IngestCheck check() {
        List<ArchiveFile> files = files();
        Checker<V> checker = new Checker<>(options, options.judge(0), meters, stop);
        try {
            return checker.check(files);
        } finally {
            meters.ended();
        }
    }

    /**
     * Compares the archive with the port's topic on both sides of the hand-over, by key and event time, and writes nothing. To be called when the archive is ingested, with all of
     * its files, and when live writers have written the time that the archive covers too. Holds some 60 bytes for each row from the hand-over on.
     *
     * @return where rows are missing, or were written by both
     * @throws StartupException {@link ExitCode#CONFIGURATION} when no hand-over is declared, or the port is a table, whose topic forgets rows that were replaced
     * @throws LifecycleException when files or topic cannot be read, or a file was not ingested to its end and with this hand-over
     */
    public HandOverReport verifyHandOver() throws InterruptedException {
        Instant handOver = options.handOver();
        if (handOver == null || !(options.port() instanceof EventSource)) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of(options.where()
                            + (handOver == null
                                    ? "no hand-over is declared; say it in until(…) (--until)"
                                    : "it is a table, whose topic forgets rows that were replaced, so that records cannot be"
                                            + " counted; compare the product that reads it with its source")));
        }
        try (Admin admin = LazyAdmin.of(options.settings().admin())) {
            AwaitedTopic records = awaited(options.port().topic(), "provision the product that reads it");
            AwaitedTopic positions = awaited(
                    IngestTopic.of(options.address()),
                    "nothing of this port is ingested; ingest the archive with this hand-over");
            TopicDescription topic = retries.await("the brokers", () -> {
                TopicDescription found = records.description(admin);
                positions.description(admin);
                return found;
            });
            Ingested known = retries.await(
                    "the brokers, to read what is ingested",
                    () -> IngestTopic.positions(
                            admin, options.address(), options.settings().client()));
            HandOverCheck<V> check = new HandOverCheck<>(options, meters, stop);
            List<ArchiveFile> archive = check.ingested(files(), known, topic);
            HandOverProof proof = new HandOverProof(
                    options.address().toString(), handOver, topic.partitions().size());
            check.readArchive(archive, proof);
            return proof.report(new ComparedTopic<>(
                            options.settings(),
                            options.port(),
                            options.key(),
                            retries,
                            () -> stop.getCount() == 0,
                            meters::trouble)
                    .read(admin, proof));
        } catch (InterruptException interrupted) {
            throw new InterruptedException(options.where() + "interrupted");
        } catch (KafkaException failed) {
            throw HandOverCheck.unread(options.where(), failed);
        } finally {
            meters.ended();
        }
    }

    /**
     * Ingests what is not ingested yet.
     *
     * @return what is ingested of all files, also by earlier ingests
     * @throws LifecycleException when it cannot go on; what is committed stays, and the next ingest goes on there
     * @throws StartupException when brokers or registry are not there for longer than {@code mesh.platform.timeout}, or refuse
     */
    public IngestReport run() throws InterruptedException {
        try (Admin admin = LazyAdmin.of(options.settings().admin())) {
            return run(admin);
        } catch (InterruptException interrupted) {
            throw new InterruptedException(options.where() + "interrupted");
        } finally {
            meters.ended();
        }
    }

    private IngestReport run(Admin admin) throws InterruptedException {
        List<ArchiveFile> files = files();
        AwaitedTopic records = awaited(options.port().topic(), "provision the product that reads it");
        AwaitedTopic letters = awaited(
                options.product().deadLetterTopic(),
                "it takes the rows that are refused; provision product " + options.product());
        TopicDescription topic = retries.await("the brokers", () -> {
            TopicDescription found = records.description(admin);
            letters.description(admin);
            IngestTopic.ensure(admin, options.address());
            return found;
        });
        Callable<Ingested> seen = () ->
                IngestTopic.seen(admin, options.address(), options.settings().client());
        Ingested before = retries.await("the brokers, to read which files are known", seen);
        List<FoundFile> found = new FileSurvey<>(options, meters, stop).of(files, before);
        Kept kept = retries.await("the brokers", () -> Kept.of(admin, options));
        RowJudge<V> judge = options.judge(schemaId());
        int partitions = topic.partitions().size();
        requireWriters(partitions);
        try (FencedWriters writers = FencedWriters.takeOver(options, retries, seen)) {
            options.steps().accept(0, IngestStep.FENCED);
            Ingested known = retries.await(
                    "the brokers, to read how far the archive is",
                    () -> IngestTopic.positions(
                            admin, options.address(), options.settings().client()));
            IngestPlan plan = IngestPlan.of(
                    options.where(),
                    found,
                    known,
                    options.handOver(),
                    topic.topicId().toString(),
                    partitions);
            options.steps().accept(0, IngestStep.PLANNED);
            meters.writing(
                    plan.toDo().stream().mapToLong(file -> file.file().bytes()).sum());
            Map<String, IngestPosition> reached =
                    plan.toDo().isEmpty() && plan.seen().isEmpty()
                            ? Map.of()
                            : new IngestRun<>(
                                            options,
                                            writers.all(),
                                            plan,
                                            kept,
                                            judge,
                                            options.target(partitions, meters),
                                            meters,
                                            stop)
                                    .run();
            return report(plan, reached);
        } catch (KafkaException failed) {
            throw options.faults().ending(failed);
        }
    }

    private void requireWriters(int partitions) {
        if (options.pace().writers() > partitions) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of(options.where() + "its topic has " + partitions
                            + " partitions, each of which is written by one"
                            + " writer, and there were to be " + options.pace().writers()
                            + " writers; declare " + partitions + " at the most, with writers(…) (--writers)"));
        }
    }

    private AwaitedTopic awaited(String topic, String remedy) {
        return new AwaitedTopic(topic, options.where() + "topic " + topic + " does not exist; " + remedy);
    }

    private List<ArchiveFile> files() {
        return ArchiveFiles.find(
                options.files().given(), options.files().format().isPresent());
    }

    private int schemaId() throws InterruptedException {
        if (options.port().format().isPresent()) {
            return 0;
        }
        PortContract<V> contract = options.port().contract();
        try (SchemaRegistry registry = SchemaRegistry.connect(options.settings().registry())) {
            return retries.await(
                    "the schema registry",
                    () -> registry.register(
                            contract.address().valueSubject(), contract.schema(), Compatibility.FULL_TRANSITIVE));
        } catch (IncompatibleSchemaException incompatible) {
            throw new StartupException(ExitCode.CONTRACT, List.of(String.valueOf(incompatible.getMessage())));
        }
    }

    private IngestReport report(IngestPlan plan, Map<String, IngestPosition> positions) {
        List<IngestReport.FileReport> files = new ArrayList<>();
        plan.done().forEach(file -> files.add(report(file, file.begun(), IngestReport.FileState.ALREADY_INGESTED)));
        plan.toDo().forEach(file -> {
            IngestPosition now = positions.getOrDefault(file.begun().digest(), file.begun());
            files.add(report(file, now, state(file, now)));
        });
        plan.same()
                .forEach((path, other) -> files.add(new IngestReport.FileReport(
                        path,
                        IngestReport.FileState.SAME_CONTENT,
                        0,
                        List.of(),
                        0,
                        0,
                        Optional.empty(),
                        Optional.of(other))));
        files.sort(Comparator.comparing(IngestReport.FileReport::file));
        return new IngestReport(options.address().toString(), Optional.ofNullable(options.handOver()), files);
    }

    private static IngestReport.FileState state(PlannedFile file, IngestPosition now) {
        if (!now.done()) {
            return IngestReport.FileState.STOPPED;
        }
        return file.file().isGrown() ? IngestReport.FileState.GROWN : IngestReport.FileState.INGESTED;
    }

    private static IngestReport.FileReport report(
            PlannedFile file, IngestPosition position, IngestReport.FileState state) {
        Path path = file.file().path();
        return new IngestReport.FileReport(
                path,
                state,
                position.rows(),
                position.counts().partitions(),
                position.counts().refused(),
                position.counts().live(),
                position.counts().newest() < 0
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(position.counts().newest())),
                position.file().equals(file.file().name()) ? Optional.empty() : Optional.of(position.file()));
    }
}
