package io.kappamesh.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.contract.Exemption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a generation.
 *
 * @param number from 1
 * @param role what it is for
 * @param served whether it serves or ever served
 * @param build which code computes it; another build computes something else
 * @param shape its topology, stores and contracts, a line each, sorted: its state can be continued by the same shape only;
 *     empty of one that is retired, and of one that was {@linkplain #recovered recovered} and is not identified yet
 * @param inputs topics that it reads
 * @param outputs public topics of the ports that it publishes
 * @param goal per input partition the end when it was begun: what is below is its history
 * @param createdAt when it was begun, ISO-8601 in UTC
 * @param exemptions from which rules of replay its topology is exempt
 * @param recordsPerSecond how fast it replayed its history, all partitions together; null = nobody measured it
 * @param verification the last comparison with the serving generation; null = none
 * @param adoptions how it came to its build: which builds computed it before, the first one first
 * @param origin where its reading begins; null = it was begun before that was written down
 * @param code what its build is made of; null = that was not written down
 * @param horizon what it cannot recompute; null = it was begun before that was written down
 */
public record GenerationRecord(
        int number,
        Role role,
        boolean served,
        String build,
        List<String> shape,
        List<String> inputs,
        List<String> outputs,
        Map<String, Long> goal,
        String createdAt,
        List<Exemption> exemptions,
        @Nullable Double recordsPerSecond,
        @Nullable JsonNode verification,
        List<Adoption> adoptions,
        @Nullable Origin origin,
        @Nullable CodeRecord code,
        @Nullable Horizon horizon) {

    public GenerationRecord {
        shape = List.copyOf(shape);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        goal = new TreeMap<>(goal);
        // Generations of before there were any have none in their records.
        exemptions = List.copyOf(Objects.requireNonNullElse(exemptions, List.of()));
        adoptions = List.copyOf(Objects.requireNonNullElse(adoptions, List.of()));
    }

    /** What is below is its history. */
    public Map<TopicPartition, Long> goalOffsets() {
        return Offsets.of(goal);
    }

    /** The same in another role. Of one that is retired no more is kept than that it was. */
    public GenerationRecord as(Role other) {
        boolean retired = other == Role.RETIRED;
        return new GenerationRecord(
                number,
                other,
                served || other == Role.SERVING,
                build,
                retired ? List.of() : shape,
                inputs,
                outputs,
                retired ? Map.of() : goal,
                createdAt,
                exemptions,
                recordsPerSecond,
                retired ? null : verification,
                adoptions,
                retired ? null : origin,
                retired ? null : code,
                retired ? null : horizon);
    }

    /** The same with the positions from which it reads, which are committed with the decision that begins it. */
    public GenerationRecord from(Origin where) {
        return new GenerationRecord(
                number,
                role,
                served,
                build,
                shape,
                inputs,
                outputs,
                goal,
                createdAt,
                exemptions,
                recordsPerSecond,
                verification,
                adoptions,
                where,
                code,
                horizon);
    }

    /** The same with the result of a comparison; null takes it away. */
    public GenerationRecord verified(@Nullable JsonNode report) {
        return measured(recordsPerSecond, report);
    }

    /** The same with the rate at which it replayed, over all partitions. */
    public GenerationRecord replayedAt(double rate) {
        return measured(rate, verification);
    }

    /** The same with what its build is made of. */
    public GenerationRecord madeOf(@Nullable CodeRecord made) {
        return new GenerationRecord(
                number,
                role,
                served,
                build,
                shape,
                inputs,
                outputs,
                goal,
                createdAt,
                exemptions,
                recordsPerSecond,
                verification,
                adoptions,
                origin,
                made,
                horizon);
    }

    /** The same, computed by another build from now on. What was compared was of the one before. */
    GenerationRecord adoptedBy(String other, String at) {
        List<Adoption> all = new ArrayList<>(adoptions);
        all.add(new Adoption(build, at));
        return new GenerationRecord(
                number,
                role,
                served,
                other,
                shape,
                inputs,
                outputs,
                goal,
                createdAt,
                exemptions,
                recordsPerSecond,
                null,
                all,
                origin,
                null,
                horizon);
    }

    private GenerationRecord measured(@Nullable Double rate, @Nullable JsonNode report) {
        return new GenerationRecord(
                number,
                role,
                served,
                build,
                shape,
                inputs,
                outputs,
                goal,
                createdAt,
                exemptions,
                rate,
                report,
                adoptions,
                origin,
                code,
                horizon);
    }

    /** The same with what it cannot recompute. */
    public GenerationRecord within(Horizon what) {
        return new GenerationRecord(
                number,
                role,
                served,
                build,
                shape,
                inputs,
                outputs,
                goal,
                createdAt,
                exemptions,
                recordsPerSecond,
                verification,
                adoptions,
                origin,
                code,
                what);
    }

    /**
     * What can be told of a generation from what brokers hold of it. Its build and shape cannot: the first build that fits its state
     * goes on with it.
     */
    public static GenerationRecord recovered(int number, Role role, List<String> inputs, String at) {
        return begun(number, role, "unknown", List.of(), inputs, List.of(), Map.of(), at, List.of());
    }

    /** Whether it is known which state it has. */
    public boolean identified() {
        return role == Role.RETIRED || !shape.isEmpty();
    }

    /** The same, which writes where another does; and is computed by its build, with its shape, if it is this one that goes on. */
    GenerationRecord identifiedAs(GenerationRecord like, boolean goesOn) {
        return new GenerationRecord(
                number,
                role,
                served,
                goesOn ? like.build : build,
                goesOn ? like.shape : shape,
                like.inputs,
                like.outputs,
                goal,
                createdAt,
                like.exemptions,
                recordsPerSecond,
                verification,
                adoptions,
                origin,
                code,
                horizon);
    }

    /** Begins the description of a generation. */
    public static GenerationRecord begun(
            int number,
            Role role,
            String build,
            List<String> shape,
            List<String> inputs,
            List<String> outputs,
            Map<TopicPartition, Long> goal,
            String createdAt,
            List<Exemption> exemptions) {
        return new GenerationRecord(
                number,
                role,
                role == Role.SERVING,
                build,
                shape,
                inputs,
                outputs,
                Offsets.named(goal),
                createdAt,
                exemptions,
                null,
                null,
                List.of(),
                null,
                null,
                null);
    }
}
