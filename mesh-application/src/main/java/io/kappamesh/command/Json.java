package io.kappamesh.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.compare.Verification;
import io.kappamesh.lifecycle.Proof;
import io.kappamesh.plan.BuildChange;
import io.kappamesh.plan.Downstream;
import io.kappamesh.plan.Plan;
import io.kappamesh.plan.Reach;
import io.kappamesh.status.DeadLetterCount;
import io.kappamesh.status.GenerationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Results for a program. What is not known is null; times are ISO-8601 in UTC, durations seconds. Stateless. */
final class Json {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MILLIS_PER_SECOND = 1000.0;

    private Json() {}

    static ArrayNode of(List<GenerationStatus> all) {
        ArrayNode array = JSON.createArrayNode();
        all.forEach(one -> describe(one, array.addObject()));
        return array;
    }

    private static void describe(GenerationStatus one, ObjectNode to) {
        to.put("generation", one.generation().toString())
                .put("product", one.generation().product().toString())
                .put("number", one.generation().number())
                .put("role", one.role().name())
                .put("state", one.state().name())
                .put("build", one.build())
                .put("createdAt", one.createdAt().toString())
                .put("done", one.done())
                .put("target", one.target())
                .put("ratePerSecond", orNull(one.ratePerSecond()))
                .put("remainingSeconds", seconds(one.remaining()))
                .put("eventTimeLagSeconds", seconds(one.eventTimeLag()))
                .put("caughtUp", one.caughtUp())
                .put("processes", one.processes())
                .put("cut", one.cut().orElse(null));
        to.set("deadLetters", one.deadLetters().map(Json::describe).orElse(null));
        to.set("failure", JSON.valueToTree(one.failure().orElse(null)));
        ArrayNode adoptions = to.putArray("adoptions");
        one.adoptions()
                .forEach(adoption ->
                        adoptions.addObject().put("from", adoption.from()).put("at", adoption.at()));
        ArrayNode partitions = to.putArray("partitions");
        one.partitions()
                .forEach(partition -> partitions
                        .addObject()
                        .put("topic", partition.topic())
                        .put("partition", partition.partition())
                        .put("beginning", partition.beginning())
                        .put("position", partition.position())
                        .put("end", partition.end())
                        .put("goal", orNull(partition.goal()))
                        .put("lag", partition.lag()));
    }

    private static ObjectNode describe(DeadLetterCount letters) {
        return JSON.createObjectNode()
                .put("topic", letters.topic())
                .put("atMost", letters.atMost())
                .put("newest", letters.newest().map(Instant::toString).orElse(null));
    }

    static ObjectNode of(Plan plan) {
        ObjectNode to = JSON.createObjectNode();
        to.put("product", plan.product().toString())
                .put("next", plan.next().toString())
                .put("possible", plan.isPossible())
                .put("records", plan.records())
                .put("bytes", orNull(plan.bytes()))
                .put("estimatedSeconds", seconds(plan.estimated()));
        ArrayNode inputs = to.putArray("inputs");
        plan.inputs()
                .forEach(input -> inputs.addObject()
                        .put("topic", input.topic())
                        .put("partitions", input.partitions())
                        .put("missing", input.missing())
                        .put("end", input.end())
                        .put("records", input.records())
                        .put("bytes", orNull(input.bytes())));
        describe(plan.downstream(), to);
        to.set("exemptions", JSON.valueToTree(plan.exemptions()));
        to.set("change", plan.change().map(Json::describe).orElse(null));
        ArrayNode warnings = to.putArray("warnings");
        plan.warnings().forEach(warnings::add);
        ArrayNode refusals = to.putArray("refusals");
        plan.refusals().forEach(refusals::add);
        return to;
    }

    private static ObjectNode describe(BuildChange change) {
        ObjectNode to = JSON.createObjectNode();
        to.put("build", change.build())
                .put("servingBuild", change.servingBuild())
                .put("category", change.category().name())
                .put("consequence", change.category().consequence());
        ArrayNode details = to.putArray("details");
        change.details().forEach(details::add);
        return to;
    }

    private static void describe(List<Downstream> readers, ObjectNode to) {
        ArrayNode downstream = to.putArray("downstream");
        readers.forEach(reader -> {
            ObjectNode one =
                    downstream.addObject().put("product", reader.product().toString());
            ArrayNode reads = one.putArray("reads");
            reader.reads().forEach(reads::add);
            one.put("follows", reader.follows())
                    .put(
                            "corrections",
                            reader.reach()
                                    .map(reach -> orNull(reach.corrections()))
                                    .orElse(null))
                    .put("correctionsAtMost", reader.reach().map(Reach::atMost).orElse(null))
                    .set("exemptions", JSON.valueToTree(reader.exemptions()));
        });
    }

    static ObjectNode of(Verification found, List<Downstream> readers) {
        ObjectNode to = of(found);
        describe(readers, to);
        return to;
    }

    static ObjectNode of(Verification found) {
        ObjectNode to = JSON.valueToTree(found);
        return to.put("agrees", found.agrees());
    }

    static ObjectNode of(Proof proof) {
        ObjectNode to = JSON.createObjectNode();
        to.put("candidate", proof.candidate().toString())
                .put("kept", proof.kept())
                .put("records", proof.records())
                .put("replayedSeconds", seconds(Optional.of(proof.replayed())))
                .put("ratePerSecond", orNull(proof.ratePerSecond()))
                .put("holds", proof.holds())
                .set("verification", of(proof.verification()));
        return to;
    }

    private static @Nullable Double seconds(Optional<Duration> time) {
        return time.map(known -> known.toMillis() / MILLIS_PER_SECOND).orElse(null);
    }

    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }

    private static @Nullable Long orNull(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}
