package io.kappamesh.runs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What runs of products have done, as events of OpenLineage 2-0-2, made of what is known now. Ids of runs are functions of what they are of, so that
 * events that are made again are about the same runs.
 *
 * <p>A generation that serves, or served, is a run of the streaming job that has the product's name. A candidate is a run of the batch job {@code
 * sales.orders.replay}, which is complete when it has caught up, or is promoted. A promotion is a run of the batch job {@code sales.orders.promotion}.
 * When a generation was retired is not known, so that its run has no end here. Immutable.
 */
public final class LineageEvents {
    private static final String SPECIFICATION = "https://openlineage.io/spec/";
    private static final String LIVE = "LIVE";

    private final String namespace;
    private final String producer;
    private final Instant now;

    /**
     * @param broker {@code host:port} of the brokers, by which lineage knows their topics
     * @param library the version of this library
     * @param now when what is known was asked for
     */
    public LineageEvents(String broker, String library, Instant now) {
        this.namespace = "kafka://" + broker;
        this.producer = "urn:kappa-mesh:" + library.replaceAll("[^A-Za-z0-9.-]", "-");
        this.now = now;
    }

    /** What is known of the generations of a product besides what was decided. */
    @FunctionalInterface
    public interface Observed {
        /**
         * What its processes say of a generation.
         *
         * @return {@code LIVE}, {@code REPLAYING} and the like; empty = none is heard of
         */
        Optional<String> state(int generation);
    }

    /**
     * The events of a product, each as JSON on one line, the earliest first.
     *
     * @param description empty = it does not stand in a catalogue
     * @param lifecycle its generations
     * @param failures of generations that a process has ended
     */
    public List<String> of(
            Optional<ProductDescription> description,
            ProductLifecycle lifecycle,
            Observed observed,
            List<Failure> failures) {
        List<ObjectNode> events = new ArrayList<>();
        for (GenerationRecord generation : lifecycle.generations()) {
            Instant begun = Instant.parse(generation.history().createdAt());
            Optional<Instant> promoted = promoted(generation);
            Run run =
                    new Run(lifecycle.product(), generation.served() ? Job.LIVE : Job.REPLAY, generation, description);
            promoted.ifPresent(at -> {
                Run replay = new Run(lifecycle.product(), Job.REPLAY, generation, description);
                events.add(replay.event("START", begun));
                events.add(replay.event("COMPLETE", at));
                Run promotion = new Run(lifecycle.product(), Job.PROMOTION, generation, description);
                events.add(promotion.event("START", at));
                events.add(promotion.event("COMPLETE", at));
            });
            events.add(run.event("START", promoted.orElse(begun)));
            Optional<Failure> failure = failures.stream()
                    .filter(one -> one.generation().equals(lifecycle.product() + ".g" + generation.number()))
                    .findFirst();
            if (failure.isPresent()) {
                events.add(run.failed(failure.get()));
            } else if (generation.role() != Role.RETIRED) {
                observed.state(generation.number())
                        .ifPresent(state -> events.add(
                                run.event(!generation.served() && state.equals(LIVE) ? "COMPLETE" : "RUNNING", now)));
            }
        }
        return events.stream()
                .sorted(Comparator.comparing(
                        event -> Instant.parse(event.path("eventTime").asText())))
                .map(ObjectNode::toString)
                .toList();
    }

    /** When it was compared at the cut at which it began to serve; empty = it has not been promoted, or that is not known. */
    private static Optional<Instant> promoted(GenerationRecord generation) {
        return Optional.ofNullable(generation.findings().verification())
                .filter(verification ->
                        generation.served() && verification.path("candidate").asInt() == generation.number())
                .map(verification -> verification.path("at").textValue())
                .map(Instant::parse);
    }

    private ObjectNode facet(ObjectNode facets, String name, String version, String type) {
        return facets.putObject(name)
                .put("_producer", producer)
                .put("_schemaURL", SPECIFICATION + "facets/" + version + "/" + type + ".json#/$defs/" + type);
    }

    /** What a product does. */
    private enum Job {
        LIVE("STREAMING", ""),
        REPLAY("BATCH", ".replay"),
        PROMOTION("BATCH", ".promotion");

        private final String processing;
        private final String suffix;

        Job(String processing, String suffix) {
            this.processing = processing;
            this.suffix = suffix;
        }
    }

    /** A run of one of the jobs of a product. */
    private final class Run {
        private final Job kind;
        private final String name;
        private final UUID id;
        private final GenerationRecord generation;
        private final Optional<ProductDescription> description;

        Run(String product, Job kind, GenerationRecord generation, Optional<ProductDescription> description) {
            this.kind = kind;
            this.name = product + kind.suffix;
            this.id = UUID.nameUUIDFromBytes((namespace + "/" + name + "/" + generation.number() + "/"
                            + generation.history().createdAt())
                    .getBytes(StandardCharsets.UTF_8));
            this.generation = generation;
            this.description = description;
        }

        ObjectNode failed(Failure failure) {
            ObjectNode event = event("FAIL", Instant.parse(failure.at()));
            facet((ObjectNode) event.path("run").path("facets"), "errorMessage", "1-0-1", "ErrorMessageRunFacet")
                    .put("message", String.join("; ", failure.problems()))
                    .put("programmingLanguage", "JAVA");
            return event;
        }

        ObjectNode event(String type, Instant at) {
            ObjectNode event = JsonNodeFactory.instance
                    .objectNode()
                    .put("eventType", type)
                    .put("eventTime", at.toString())
                    .put("producer", producer)
                    .put("schemaURL", SPECIFICATION + "2-0-2/OpenLineage.json#/$defs/RunEvent");
            ObjectNode run = event.putObject("run").put("runId", id.toString()).putObject("facets");
            facet(run, "processing_engine", "1-1-1", "ProcessingEngineRunFacet")
                    .put("name", "Kappa Mesh")
                    .put("version", producer.substring(producer.lastIndexOf(':') + 1));
            ObjectNode job = event.putObject("job")
                    .put("namespace", namespace)
                    .put("name", name)
                    .putObject("facets");
            facet(job, "jobType", "2-0-4", "JobTypeJobFacet")
                    .put("processingType", kind.processing)
                    .put("integration", "KAPPA_MESH")
                    .put("jobType", "JOB");
            description.ifPresent(known -> {
                facet(job, "documentation", "1-1-0", "DocumentationJobFacet").put("description", known.description());
                facet(job, "ownership", "1-0-1", "OwnershipJobFacet")
                        .putArray("owners")
                        .addObject()
                        .put("name", "team:" + known.owner().team())
                        .put("type", "OWNER");
            });
            ArrayNode inputs = event.putArray("inputs");
            generation.inputs().forEach(topic -> dataset(inputs, topic));
            ArrayNode outputs = event.putArray("outputs");
            generation.outputs().forEach(topic -> {
                ObjectNode facets = dataset(outputs, kind == Job.REPLAY ? topic + ".g" + generation.number() : topic);
                description.stream()
                        .flatMap(known -> known.outputs().stream())
                        .filter(output -> output.address().equals(topic))
                        .forEach(output -> fields(facets, output));
            });
            return event;
        }

        private ObjectNode dataset(ArrayNode into, String topic) {
            return into.addObject()
                    .put("namespace", namespace)
                    .put("name", topic)
                    .putObject("facets");
        }

        private void fields(ObjectNode facets, OutputDescription output) {
            ArrayNode fields =
                    facet(facets, "schema", "1-2-0", "SchemaDatasetFacet").putArray("fields");
            Optional.ofNullable(output.records().schema()).map(FieldMeaning::of).orElse(List.of()).stream()
                    .filter(field ->
                            !field.path().contains(".") && !field.path().contains("["))
                    .forEach(field -> fields.addObject()
                            .put("name", field.path())
                            .put("type", field.type())
                            .put("description", field.doc()));
            facet(facets, "documentation", "1-1-0", "DocumentationDatasetFacet")
                    .put("description", output.description());
        }
    }
}
