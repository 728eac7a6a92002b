package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.benchmarks.lines.LoadedLines;
import java.util.List;

/** A port into a table of PostgreSQL. */
final class LoadBench implements Benchmark {
    @Override
    public String name() {
        return "load";
    }

    @Override
    public String meaning() {
        return "Order lines of TPC-H out of a topic of four partitions into a table of PostgreSQL, from nothing until"
                + " all of it is committed: connecting and making the table included. A third as many lines warm up, from"
                + " a topic and into a table of their own.";
    }

    /** To start PostgreSQL and to load a table six times takes longer than a glance. */
    @Override
    public boolean isQuick() {
        return false;
    }

    @Override
    public List<Arm> arms() {
        return List.of(
                new Arm("load-new", LoadedLines.NEW.table(), true, "load of a topic that has each key once"),
                new Arm(
                        "copy-ready",
                        LoadedLines.BY_HAND,
                        false,
                        "one `COPY` of the same rows into an empty table with the same columns and key, from a file of"
                                + " its text"),
                new Arm(
                        "copy-decoded",
                        LoadedLines.BY_HAND,
                        false,
                        "the same, of rows that are read from the topic and decoded, in one thread; no positions"),
                new Arm(
                        "load-changes",
                        LoadedLines.CHANGES.table(),
                        true,
                        "load of a topic in which a fifth of the lines comes again, changed"),
                new Arm(
                        "jdbc-changes",
                        LoadedLines.BY_HAND,
                        false,
                        "the same topic by hand: consumer, decoder, `INSERT … ON CONFLICT` in JDBC's batches of 1,000,"
                                + " positions in their transactions"),
                new Arm(
                        "jdbc-rewritten-changes",
                        LoadedLines.BY_HAND,
                        false,
                        "the same with the driver's reWriteBatchedInserts, which makes statements of 128 rows"));
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(
                Ratio.speed("load-changes", "jdbc-changes", "≥ 3"),
                Ratio.speed("load-changes", "jdbc-rewritten-changes", "≥ 3"),
                Ratio.speed("load-new", "copy-ready", "≥ 0.4"),
                Ratio.speed("load-new", "copy-decoded", ""),
                Ratio.cpu("load-changes", "jdbc-changes", ""));
    }

    @Override
    public Session open(BenchOptions options) throws InterruptedException {
        return LoadSession.start(options);
    }
}
