package io.kappamesh.benchmarks.arm;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.benchmarks.lines.LineArms;
import io.kappamesh.benchmarks.lines.LoadArms;
import io.kappamesh.benchmarks.lines.LoadedLines;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.benchmarks.measure.PipelineProgram;
import io.kappamesh.benchmarks.measure.PipelineWatch;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.sales.SalesProducts;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program of an arm's process: {@code ArmMain PROGRAM OUTPUT JOB-FILE RESULT-FILE}. Ends with 0 once the result is written. */
public final class ArmMain {
    private static final Logger LOG = LoggerFactory.getLogger(ArmMain.class);

    private ArmMain() {}

    public static void main(String[] arguments) {
        int code = 1;
        try {
            Job job = Job.read(Path.of(arguments[2]));
            measure(arguments[0], arguments[1], job).write(Path.of(arguments[3]));
            code = 0;
        } catch (Exception | Error failed) {
            LOG.error("It cannot be measured", failed);
        }
        System.exit(code);
    }

    static Measurement measure(String program, String output, Job job) throws Exception {
        return switch (program) {
            case "ceiling" -> pipeline(job, output, to -> new Ceiling(to, output));
            case "stateless-plain" -> pipeline(job, output, to -> HandMade.start(to, output, false, false));
            case "stateless-ours" -> pipeline(job, output, to -> new MeshPipeline(to, PlacedOrders.product()));
            case "orders-plain" -> pipeline(job, output, to -> HandMade.start(to, output, true, false));
            case "orders-tuned" -> pipeline(job, output, to -> HandMade.start(to, output, true, true));
            case "orders-ours" -> pipeline(job, output, to -> new MeshPipeline(to, SalesProducts.orders()));
            case "restart-kept" -> Restarts.kept(job);
            case "restart-lost" -> Restarts.lost(job);
            case "promote" -> Promotions.promote(job);
            case "roll-back" -> Promotions.rollBack(job);
            case "idle-plain" -> IdlePrograms.byHand(job);
            case "idle-ours" -> IdlePrograms.products(job);
            case "shipments-alone" -> WorkedProducts.alone(job);
            case "all-five" -> WorkedProducts.allFive(job);
            case "candidate" -> WorkedProducts.candidate(job);
            case "write-ours" -> loop(ours(), job).write(job.warmUp(), job.records());
            case "write-raw" -> loop(Codecs.raw(), job).write(job.warmUp(), job.records());
            case "write-confluent-style" -> loop(Codecs.confluentStyle(), job).write(job.warmUp(), job.records());
            case "read-ours" -> loop(ours(), job).read(job.warmUp(), job.records());
            case "read-raw" -> loop(Codecs.raw(), job).read(job.warmUp(), job.records());
            case "read-confluent-style" -> loop(Codecs.confluentStyle(), job).read(job.warmUp(), job.records());
            case "lines-ready" -> LineArms.ready(job);
            case "plain-csv", "plain-csv-gz", "plain-json", "plain-avro", "plain-parquet" ->
                LineArms.plain(job, program.substring("plain-".length()));
            case "lines-by-hand" -> LineArms.byHand(job);
            case "ingest-csv", "ingest-csv-gz", "ingest-json", "ingest-avro", "ingest-parquet" ->
                LineArms.ingest(job, program.substring("ingest-".length()));
            case "load-new" -> LoadArms.load(job, LoadedLines.NEW);
            case "load-changes" -> LoadArms.load(job, LoadedLines.CHANGES);
            case "jdbc-changes" -> LoadArms.byHand(job, false);
            case "jdbc-rewritten-changes" -> LoadArms.byHand(job, true);
            case "copy-ready" -> LoadArms.copyReady(job);
            case "copy-decoded" -> LoadArms.copyDecoded(job);
            case "read-plain" -> Generations.readPlain(job);
            case "verify-read" -> Generations.verifyRead(job);
            case "verify-compare" -> Generations.verifyCompare(job);
            default -> elsewhere(program, output, job);
        };
    }

    private static Measurement pipeline(Job job, String output, Function<Job, Pipeline> start) throws Exception {
        try (Pipeline pipeline = start.apply(job)) {
            return PipelineWatch.measure(pipeline, output, job);
        }
    }

    private static Measurement elsewhere(String program, String output, Job job) throws Exception {
        PipelineProgram found = ServiceLoader.load(PipelineProgram.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.is(program))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no program " + program));
        try (Pipeline pipeline = found.start(program, output, job)) {
            return PipelineWatch.measure(pipeline, output, job);
        }
    }

    private static CodecLoop loop(Codec codec, Job job) {
        return new CodecLoop(codec, job.scale());
    }

    private static Codec ours() throws Exception {
        MockSchemaRegistryClient client = new MockSchemaRegistryClient();
        int id = client.register("sales.orders.v1-value", new AvroSchema(Order.getClassSchema()));
        return Codecs.ours(SchemaRegistry.over(client), id);
    }
}
