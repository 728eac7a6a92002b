package io.kappamesh.deploy;

import java.util.List;

/**
 * Whether a build can be deployed, and why not. An immutable value.
 *
 * @param ports what it publishes, and what it published
 * @param inputs what it could not read of others, a sentence each
 * @param leftOut what could not be looked at, a sentence each
 * @param starts products of the build that cannot start without a replay, a sentence each; that breaks no reader, and is no reason for a no
 * @param rules what the products' own rules are going to say of records that there are, where they ask for more than what is deployed; no reason for a no either
 */
public record DeployReport(
        List<PortVerdict> ports,
        List<String> inputs,
        List<String> leftOut,
        List<String> starts,
        List<RuleVerdict> rules) {

    /**
     * A port of the build.
     *
     * @param port its address
     * @param product whose it is
     * @param history which records were read
     * @param breaches what it breaks of its own promises, a sentence each
     * @param consumers who reads it
     * @param undeclared consumer groups that read it, of which no product says so; nothing is known of their needs
     */
    public record PortVerdict(
            String port,
            String product,
            History history,
            List<String> breaches,
            List<ConsumerVerdict> consumers,
            List<String> undeclared) {
        public PortVerdict {
            breaches = List.copyOf(breaches);
            consumers = List.copyOf(consumers);
            undeclared = List.copyOf(undeclared);
        }

        /** Whether it breaks nothing. */
        public boolean isPossible() {
            return breaches.isEmpty()
                    && history.unfit() == 0
                    && consumers.stream().allMatch(ConsumerVerdict::isPossible);
        }
    }

    /**
     * Records that were judged.
     *
     * @param topic in which they stand: the port's, or that of a candidate; empty = none were read
     * @param records how many
     * @param ofCandidate whether a candidate of the build wrote them. Otherwise those of the port were taken, as the build's schema has them
     * @param unfit how many the build's schema cannot hold
     */
    public record History(String topic, long records, boolean ofCandidate, long unfit) {
        /** Nothing was read. */
        public static final History NONE = new History("", 0, false, 0);
    }

    /**
     * A reader of a port.
     *
     * @param consumer the product
     * @param breaches what breaks by its schema and by what it declares, a sentence each
     * @param offences records that it would refuse, by reason
     * @param unchecked what of its demands is not known here, a sentence each
     */
    public record ConsumerVerdict(
            String consumer, List<String> breaches, List<Offence> offences, List<String> unchecked) {
        public ConsumerVerdict {
            breaches = List.copyOf(breaches);
            offences = List.copyOf(offences);
            unchecked = List.copyOf(unchecked);
        }

        /** Whether nothing breaks that holds today. */
        public boolean isPossible() {
            return breaches.isEmpty() && offences.stream().allMatch(one -> one.records() == 0);
        }
    }

    /**
     * Rules of a product of the build that are new or stricter.
     *
     * @param product whose they are
     * @param port the address of the port that has them
     * @param isInput whether the product reads the port, so that it is going to refuse what breaks them. Otherwise it publishes it, and what breaks them is counted
     * @param history which records were judged
     * @param knowsToday whether it is known which records the product takes today; otherwise some of {@link Offence#records} may be refused today as well
     * @param offences records that break them, a rule each
     * @param unchecked what is not known here, a sentence each
     */
    public record RuleVerdict(
            String product,
            String port,
            boolean isInput,
            History history,
            boolean knowsToday,
            List<Offence> offences,
            List<String> unchecked) {
        public RuleVerdict {
            offences = List.copyOf(offences);
            unchecked = List.copyOf(unchecked);
        }
    }

    /**
     * Records that a reader would refuse for one reason.
     *
     * @param reason as in its dead letters
     * @param detail in a sentence
     * @param stops whether the reader would stop in front of each of them; otherwise they would be dead letters
     * @param records how many it would refuse that it takes today
     * @param already how many it refuses today for the same reason
     * @param key of the first of those that it takes today, or else of the first; masked where it is classified
     * @param partition where that stands
     * @param offset where that stands
     */
    public record Offence(
            String reason,
            String detail,
            boolean stops,
            long records,
            long already,
            String key,
            int partition,
            long offset) {}

    public DeployReport {
        starts = List.copyOf(starts);
        rules = List.copyOf(rules);
        ports = List.copyOf(ports);
        inputs = List.copyOf(inputs);
        leftOut = List.copyOf(leftOut);
    }

    /** One of which nothing is known but readers. */
    public DeployReport(List<PortVerdict> ports, List<String> inputs, List<String> leftOut) {
        this(ports, inputs, leftOut, List.of(), List.of());
    }

    /** Whether nothing speaks against it. A reader whose catalogue could not be read does. */
    public boolean isPossible() {
        return leftOut.isEmpty() && inputs.isEmpty() && ports.stream().allMatch(PortVerdict::isPossible);
    }
}
