package io.kappamesh.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A generation that one process runs. Figures are of the partitions that this process holds. An immutable value.
 *
 * @param number from 1
 * @param role {@code SERVING} or {@code CANDIDATE}; null = it is not known yet
 * @param state as of {@code ProductState}
 * @param build the name of the code that computes it
 * @param figures what it has done
 * @param inputs how far it is with each input
 */
public record RunningGeneration(
        int number,
        @Nullable String role,
        String state,
        @Nullable String build,
        Figures figures,
        List<Input> inputs) {

    /** A role by which a process speaks for the product. */
    public static final String SERVING = "SERVING";

    /**
     * @param freshnessSeconds how far it is behind its inputs; null = it has never caught up since it started
     * @param newestEventTime of its inputs, ISO-8601 in UTC; null = none was seen
     * @param recordsIn records that passed the intake since the process started
     * @param recordsOut records written to output ports
     * @param deadLetters records refused
     * @param brokenRules rules that did not hold for some records
     */
    public record Figures(
            @Nullable Double freshnessSeconds,
            @Nullable String newestEventTime,
            long recordsIn,
            long recordsOut,
            long deadLetters,
            List<BrokenRule> brokenRules) {
        /** Nothing is known. */
        public static final Figures NONE = new Figures(null, null, 0, 0, 0, List.of());

        public Figures {
            brokenRules = Wire.list(brokenRules);
        }
    }

    /**
     * @param port whose rule it is
     * @param rule its name
     * @param records for how many records it did not hold since the process started
     */
    public record BrokenRule(String port, String rule, long records) {
        public BrokenRule {
            Wire.require(port, "port");
            Wire.require(rule, "rule");
        }
    }

    /**
     * @param topic the input
     * @param lag offsets between what was committed and the end
     * @param ratePerSecond offsets read per second, over half a minute
     * @param lastReadAt when it last read something, ISO-8601 in UTC; null = nothing yet since it started
     */
    public record Input(
            String topic,
            long lag,
            double ratePerSecond,
            @Nullable String lastReadAt) {
        public Input {
            Wire.require(topic, "topic");
        }
    }

    public RunningGeneration {
        Wire.require(state, "state");
        figures = figures == null ? Figures.NONE : figures;
        inputs = Wire.list(inputs);
    }

    /** Whether it is the one that publishes. */
    public boolean isServing() {
        return SERVING.equals(role);
    }

    /** The same without what changes all the time. */
    RunningGeneration condition() {
        return new RunningGeneration(number, role, state, build, Figures.NONE, List.of());
    }
}
