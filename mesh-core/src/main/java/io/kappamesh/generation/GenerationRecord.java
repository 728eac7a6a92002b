package io.kappamesh.generation;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.Internal;
import io.kappamesh.contract.Exemption;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A generation as the control topic has it. An immutable value.
 *
 * @param number from 1
 * @param role what it is for
 * @param served whether it serves or ever served
 * @param computation what computes it
 * @param ports what it reads and publishes
 * @param history what it recomputes
 * @param findings what was measured and compared
 */
@Internal
public record GenerationRecord(
        int number,
        Role role,
        boolean served,
        Computation computation,
        PortTopics ports,
        History history,
        Findings findings) {

    /** One that begins now. */
    public static GenerationRecord begun(
            int number, Role role, Computation computation, PortTopics ports, History history) {
        return new GenerationRecord(number, role, role == Role.SERVING, computation, ports, history, Findings.NONE);
    }

    /**
     * What can be known of a generation from what brokers hold of it. Its build and fingerprint cannot: the first build that fits its state
     * goes on with it.
     */
    public static GenerationRecord recovered(int number, Role role, List<String> inputs, String at) {
        return begun(
                number,
                role,
                Computation.of("unknown", List.of(), List.of()),
                new PortTopics(inputs, List.of()),
                History.upTo(Map.of(), at));
    }

    /** See {@link Computation#build}. */
    public String build() {
        return computation.build();
    }

    /** See {@link Computation#fingerprint}. */
    public List<String> fingerprint() {
        return computation.fingerprint();
    }

    /** See {@link Computation#exemptions}. */
    public List<Exemption> exemptions() {
        return computation.exemptions();
    }

    /** See {@link PortTopics#inputs}. */
    public List<String> inputs() {
        return ports.inputs();
    }

    /** See {@link PortTopics#outputs}. */
    public List<String> outputs() {
        return ports.outputs();
    }

    /** What is below is its history. */
    public Map<TopicPartition, Long> goalOffsets() {
        return Offsets.of(history.goal());
    }

    /** Whether it is known which state it has. */
    public boolean identified() {
        return role == Role.RETIRED || !fingerprint().isEmpty();
    }

    /** The same in another role. Of one that is retired no more is kept than that it was. */
    public GenerationRecord as(Role other) {
        boolean retired = other == Role.RETIRED;
        return new GenerationRecord(
                number,
                other,
                served || other == Role.SERVING,
                retired ? computation.retired() : computation,
                ports,
                retired ? history.retired() : history,
                retired ? findings.verified(null).synced(null) : findings);
    }

    /** The same with the positions from which it reads, which are committed with the decision that begins it. */
    public GenerationRecord from(Origin where) {
        return with(computation, history.from(where), findings);
    }

    /** The same with what it cannot recompute. */
    public GenerationRecord within(Horizon what) {
        return with(computation, history.within(what), findings);
    }

    /** The same with what its build is made of. */
    public GenerationRecord madeOf(@Nullable CodeRecord made) {
        return with(computation.madeOf(made), history, findings);
    }

    /** The same, which publishes these ports from now on. */
    public GenerationRecord publishing(List<String> outputs) {
        return new GenerationRecord(
                number, role, served, computation, new PortTopics(ports.inputs(), outputs), history, findings);
    }

    /** The same with the result of a comparison; null takes it away. */
    public GenerationRecord verified(@Nullable JsonNode report) {
        return with(computation, history, findings.verified(report));
    }

    /** The same with the rate at which it replayed, over all partitions. */
    public GenerationRecord replayedAt(double rate) {
        return with(computation, history, findings.replayedAt(rate));
    }

    /** The same, whose shadows said at that point what the public topics said; null takes it away. */
    public GenerationRecord synced(@Nullable SyncPoint point) {
        return with(computation, history, findings.synced(point));
    }

    /** The same, computed by another build from now on. What was compared was of the one before. */
    GenerationRecord adoptedBy(String other, String at) {
        return with(computation.adoptedBy(other, at), history, findings.verified(null));
    }

    /** The same, which writes where another does; and is computed by its build, with its fingerprint, if it is this one that goes on. */
    GenerationRecord identifiedAs(GenerationRecord like, boolean goesOn) {
        return new GenerationRecord(
                number,
                role,
                served,
                computation.identifiedAs(like.computation, goesOn),
                like.ports,
                history,
                findings);
    }

    private GenerationRecord with(Computation by, History of, Findings known) {
        return new GenerationRecord(number, role, served, by, ports, of, known);
    }
}
