package io.kappamesh.ingest;

import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.contract.KeyRule;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.RecordFilter;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.settings.Settings;
import io.kappamesh.writers.IngestStep;
import io.kappamesh.writers.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** How an archive is ingested into a source port. One thread at a time. */
public final class PortIngestBuilder<V extends IndexedRecord> {
    private static final int MOST_WRITERS = 32;
    private static final int ROWS = 500_000;
    private static final int MOST_ROWS = 1_000_000;
    private static final long BYTES = 64L << 20;
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);

    private final Settings settings;
    private final ProductName product;
    private final SourcePort<V> port;
    private final List<String> given = new ArrayList<>();
    private Optional<ArchiveFormat> format = Optional.empty();
    private @Nullable Function<PortContract<V>, KeyRule<V>> key;
    private boolean inFileOrder;
    private boolean takesExpired;
    private @Nullable Instant handOver;
    private OptionalLong perSecond = OptionalLong.empty();
    private int writers = 1;
    private int rows = ROWS;
    private Duration interval = INTERVAL;
    private BiConsumer<Integer, IngestStep> steps = (writer, step) -> {};

    PortIngestBuilder(Settings settings, ProductName product, SourcePort<V> port) {
        this.settings = settings;
        this.product = product;
        this.port = port;
    }

    /**
     * The files: names; directories, for all files in them and below whose name says their format; or globs such as
     * {@code archive/2026-*.csv.gz}. May be called several times.
     */
    public PortIngestBuilder<V> files(String... names) {
        given.addAll(List.of(names));
        return this;
    }

    /** How all files are written. If not given: as each file's name says, see {@link ArchiveFormat#ofName}. */
    public PortIngestBuilder<V> format(ArchiveFormat files) {
        this.format = Optional.of(files);
        return this;
    }

    /** The field whose text is the key of each record, of a port that declares none itself. */
    public PortIngestBuilder<V> key(String field) {
        this.key = contract -> KeyRule.field(contract.schema(), field);
        return this;
    }

    /**
     * What the key of each record is, of a port that declares none itself.
     *
     * @param description such as {@code day|segment}, for dead letters
     * @param text a pure function; a row for which it returns null is refused
     */
    public PortIngestBuilder<V> key(String description, Function<? super V, String> text) {
        this.key = contract -> new KeyRule<>(description, text);
        return this;
    }

    /**
     * Writes rows as they stand, file after file in the order of their paths, instead of merging all files by event time. For files that are not
     * sorted by it.
     */
    public PortIngestBuilder<V> inFileOrder() {
        this.inFileOrder = true;
        return this;
    }

    /**
     * Declares the hand-over to the live topic: the archive holds everything before this event time, and the live writers of the port write
     * everything from it on. Rows at or after it are counted and not written.
     */
    public PortIngestBuilder<V> until(Instant eventTime) {
        this.handOver = eventTime;
        return this;
    }

    /**
     * Also writes rows that are older than the port's topic keeps records, which brokers delete soon afterwards. If not given: such a row ends the
     * ingest, before anything is written where files are merged by event time.
     */
    public PortIngestBuilder<V> allowExpired() {
        this.takesExpired = true;
        return this;
    }

    /** The most rows in a second. If not given: as many as there are. */
    public PortIngestBuilder<V> throttle(long rowsPerSecond) {
        this.perSecond = OptionalLong.of(rowsPerSecond);
        return this;
    }

    /**
     * How many writers there are, from 1 to 32, and no more than the port's topic has partitions. Each has its own producer, thread and transactions, and writes the partitions that are its own, so that the order of each partition, and of each key, is
     * what it is with one writer. May be another number each time. If not given: one. One is enough where reading takes longer than writing, which is usual; several help where brokers take long to answer.
     */
    public PortIngestBuilder<V> writers(int number) {
        this.writers = number;
        return this;
    }

    /** How many rows a transaction has at the most, from 1 to 1,000,000. If not given: 500,000, and no more than 64 MiB. */
    public PortIngestBuilder<V> transactionRows(int most) {
        this.rows = most;
        return this;
    }

    /** For how long rows are collected before they are committed, 30 seconds at the most. If not given: one second. */
    public PortIngestBuilder<V> commitEvery(Duration time) {
        this.interval = time;
        return this;
    }

    PortIngestBuilder<V> steps(Consumer<IngestStep> told) {
        return writerSteps((writer, step) -> told.accept(step));
    }

    PortIngestBuilder<V> writerSteps(BiConsumer<Integer, IngestStep> told) {
        this.steps = told;
        return this;
    }

    /**
     * An ingest that has not begun.
     *
     * @throws StartupException {@link ExitCode#CONFIGURATION} with everything that is wrong
     */
    public PortIngest<V> build() {
        List<String> problems = new ArrayList<>();
        @Nullable PortContract<V> contract = null;
        @Nullable KeyRule<V> rule = null;
        try {
            contract = port.contract();
            rule = contract.key().orElse(null);
            if (rule == null && key != null) {
                rule = key.apply(contract);
            } else if (key != null) {
                problems.add("the port declares its key itself; leave key(…) out");
            }
            if (rule == null) {
                problems.add("the port does not declare what its keys are; say it in key(…)");
            }
            PortContract<V> known = contract;
            format.ifPresent(files -> files.requireFor(known.type(), known.schema()));
            ofPort(known, problems);
        } catch (DeclarationException wrong) {
            problems.addAll(wrong.problems());
        }
        if (perSecond.isPresent() && perSecond.getAsLong() < 1) {
            problems.add("the throttle must be at least 1 row in a second but was " + perSecond.getAsLong());
        }
        if (rows < 1 || rows > MOST_ROWS) {
            problems.add("a transaction has 1 to " + MOST_ROWS + " rows but was to have " + rows);
        }
        if (writers < 1 || writers > MOST_WRITERS) {
            problems.add("there are 1 to " + MOST_WRITERS + " writers but were to be " + writers);
        }
        if (interval.isNegative() || interval.compareTo(LONGEST_INTERVAL) > 0) {
            problems.add("rows are collected for up to " + LONGEST_INTERVAL.toSeconds() + " s but were to be for "
                    + interval);
        }
        if (contract == null || rule == null || !problems.isEmpty()) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    problems.stream()
                            .map(problem -> "ingest into " + port + ": " + problem)
                            .toList());
        }
        boolean byTime = contract.eventTime().isInValue() && !inFileOrder;
        return new PortIngest<>(new IngestOptions<>(
                settings,
                product,
                port,
                rule,
                new IngestOptions.Files(List.copyOf(given), format, byTime, takesExpired),
                handOver,
                new Pace(writers, perSecond, rows, BYTES, interval),
                steps));
    }

    private void ofPort(PortContract<V> contract, List<String> problems) {
        if (!contract.address().domain().equals(product.domain())) {
            problems.add("product " + product + " is of another domain, and cannot read it");
        }
        if (port.topics().size() > 1) {
            problems.add("it has several topics, and nobody says which one is meant; ingest into a port of one topic");
        }
        if (port.keys().isPresent()) {
            problems.add("its keys are not text, which is all that is written here");
        }
        if (!port.filter().equals(RecordFilter.ALL)) {
            problems.add("it selects one type of several in its topic, which is not written here");
        }
        port.format()
                .filter(own -> own.encoder(contract.type(), contract.schema()).isEmpty())
                .ifPresent(own -> problems.add("its format can be read and not be written here"));
        if (!contract.eventTime().isInValue() && !contract.eventTime().isAbsent()) {
            problems.add(
                    "its event time is the timestamp of the record, which rows do not have; declare a field of it");
        }
        if (handOver != null && !contract.eventTime().isInValue()) {
            problems.add("a hand-over is an event time, and its rows have none; leave until(…) out");
        }
    }
}
