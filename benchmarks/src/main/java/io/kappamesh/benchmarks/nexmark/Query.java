package io.kappamesh.benchmarks.nexmark;

import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.AUCTIONS;
import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.BIDS;
import static io.kappamesh.benchmarks.nexmark.NexmarkPorts.PERSONS;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortKind;
import io.kappamesh.topology.ProductTopology;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** Queries of Nexmark, under its numbers. */
@SuppressWarnings("ImmutableEnumChecker") // ports and wirings are immutable, and not annotated so
public enum Query {
    Q0("every bid as it is", NexmarkPorts.Q0, List.of(BIDS), MeshQueries::q0, PlainQueries::q0, Answers::q0),
    Q1(
            "prices of bids in another currency",
            NexmarkPorts.Q1,
            List.of(BIDS),
            MeshQueries::q1,
            PlainQueries::q1,
            Answers::q1),
    Q2("bids on some auctions", NexmarkPorts.Q2, List.of(BIDS), MeshQueries::q2, PlainQueries::q2, Answers::q2),
    Q3(
            "who sells in a category and three states: a join of tables by foreign key",
            NexmarkPorts.Q3,
            List.of(PERSONS, AUCTIONS),
            MeshQueries::q3,
            PlainQueries::q3,
            Answers::q3),
    Q8(
            "who came and sold within one window of ten seconds: a join of tables by person and window",
            NexmarkPorts.Q8,
            List.of(PERSONS, AUCTIONS),
            MeshQueries::q8,
            PlainQueries::q8,
            Answers::q8),
    Q11(
            "bids of each session of a person, with a gap of ten seconds",
            NexmarkPorts.Q11,
            List.of(BIDS),
            MeshQueries::q11,
            PlainQueries::q11,
            Answers::q11);

    /** How a query is said in plain Kafka Streams. */
    interface Plain {
        void wire(PlainTopology plain);
    }

    private final String meaning;
    private final OutputPort<?> output;
    private final List<EventSource<?>> sources;
    private final ProductTopology topology;
    private final Plain plain;
    private final Function<Generator, Stream<? extends SpecificRecord>> answers;

    Query(
            String meaning,
            OutputPort<?> output,
            List<EventSource<?>> sources,
            ProductTopology topology,
            Plain plain,
            Function<Generator, Stream<? extends SpecificRecord>> answers) {
        this.meaning = meaning;
        this.output = output;
        this.sources = List.copyOf(sources);
        this.topology = topology;
        this.plain = plain;
        this.answers = answers;
    }

    /** Such as {@code q3}. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** What it asks. */
    public String meaning() {
        return meaning;
    }

    /** Where our product publishes what it answers. */
    public OutputPort<?> output() {
        return output;
    }

    /** Whether the last record of a key counts; else each key has one record. */
    public boolean isTable() {
        return output.asInput().kind() == PortKind.TABLE;
    }

    /** What it reads. */
    public Set<String> sources() {
        return sources.stream().map(source -> source.address().topic()).collect(Collectors.toSet());
    }

    /** The query as a product of ours. */
    public StreamingProduct product() {
        DataProduct.Builder product = DataProduct.named("nexmark." + text())
                .ownedBy("nexmark", "nexmark@example.org")
                .describedAs(meaning);
        sources.forEach(product::reads);
        return new StreamingProduct(product.publishes(output).build(), topology);
    }

    Plain plain() {
        return plain;
    }

    /** What has to stand in the end under each key, computed without Kafka. The key is the first field. */
    public Stream<? extends SpecificRecord> answers(Generator generator) {
        return answers.apply(generator);
    }
}
