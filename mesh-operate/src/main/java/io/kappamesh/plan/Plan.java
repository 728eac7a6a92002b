package io.kappamesh.plan;

import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Generation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a replay would take.
 *
 * @param product whose history is replayed
 * @param next the generation that would be begun, or the candidate that would be resumed
 * @param inputs one for each
 * @param estimated how long it takes at the rate of the last proof; empty = there was none, see {@link #durationAt}
 * @param bytes on disk, of one replica: as much as the public topics and the changelogs of the serving generation take; empty =
 *     brokers do not tell
 * @param downstream who reads what the product publishes, the nearest first: a correction reaches them too
 * @param exemptions what its own topology does although a replay may then differ from live
 * @param change what the build of the candidate, or that of the program that asks, changes; empty = it is the serving one, or not known
 * @param warnings what to know beforehand, one sentence each
 * @param refusals why it cannot be begun, one sentence each with the remedy; empty = it can
 */
public record Plan(
        ProductName product,
        Generation next,
        List<InputPlan> inputs,
        Optional<Duration> estimated,
        OptionalLong bytes,
        List<Downstream> downstream,
        List<Exemption> exemptions,
        Optional<BuildChange> change,
        List<String> warnings,
        List<String> refusals) {

    public Plan {
        inputs = List.copyOf(inputs);
        downstream = List.copyOf(downstream);
        exemptions = List.copyOf(exemptions);
        warnings = List.copyOf(warnings);
        refusals = List.copyOf(refusals);
    }

    /** Whether nothing speaks against it. */
    public boolean isPossible() {
        return refusals.isEmpty();
    }

    /** Offsets to read, over all inputs. */
    public long records() {
        return inputs.stream().mapToLong(InputPlan::records).sum();
    }

    /** How long the replay takes at a rate. */
    public Duration durationAt(double recordsPerSecond) {
        return Duration.ofSeconds(Math.round(records() / recordsPerSecond));
    }

    /** The same plan, at a rate that was measured. */
    public Plan at(double recordsPerSecond) {
        return new Plan(
                product,
                next,
                inputs,
                Optional.of(durationAt(recordsPerSecond)),
                bytes,
                downstream,
                exemptions,
                change,
                warnings,
                refusals);
    }

    /** The same plan, for another build, with what to know of it beforehand. */
    Plan with(BuildChange other, List<String> notes) {
        return new Plan(
                product,
                next,
                inputs,
                estimated,
                bytes,
                downstream,
                exemptions,
                Optional.of(other),
                Stream.concat(warnings.stream(), notes.stream()).toList(),
                refusals);
    }
}
