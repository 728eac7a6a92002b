package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.bench.Benchmark;
import io.kappamesh.benchmarks.bench.Ratio;
import io.kappamesh.benchmarks.nexmark.NexmarkProgram;
import io.kappamesh.benchmarks.nexmark.Query;
import java.util.List;
import java.util.stream.Stream;

/** Queries of Nexmark, as products of ours and by hand. */
final class NexmarkBench implements Benchmark {
    private static final String BY_HAND = "bench.nexmark";

    @Override
    public String name() {
        return "nexmark";
    }

    @Override
    public String meaning() {
        return "Nexmark's persons, auctions and bids (scale 1: ten million) from topics of four partitions to answers in another, exactly"
                + " once, one stream thread. Measured from a third of the query's records until all that comes of them is committed.";
    }

    @Override
    public boolean always() {
        return false;
    }

    @Override
    public List<Arm> arms() {
        return Stream.of(Query.values())
                .flatMap(query -> Stream.of(
                        arm(query, false, BY_HAND, "by hand: plain Kafka Streams, default configuration"),
                        arm(query, true, query.output().address().topic(), query.meaning())))
                .toList();
    }

    private static Arm arm(Query query, boolean ours, String output, String meaning) {
        String program = NexmarkProgram.of(query, ours);
        return new Arm(program, output, ours, meaning).named(program.substring(program.indexOf('-') + 1), meaning);
    }

    @Override
    public List<Ratio> ratios() {
        return Stream.of(Query.values())
                .flatMap(query -> Stream.of(
                        Ratio.speed(query.text() + "-ours", query.text() + "-plain", ""),
                        Ratio.cpu(query.text() + "-ours", query.text() + "-plain", "")))
                .toList();
    }

    @Override
    public Session open(BenchOptions options) {
        return new NexmarkSession(options);
    }
}
