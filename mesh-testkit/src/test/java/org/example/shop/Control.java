package org.example.shop;

import io.kappamesh.lint.Rule;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.StreamingProduct;
import java.util.Optional;

/**
 * A topology that breaks a replay, and one that does not.
 *
 * @param name as it stands in docs/replay-rules.md and at the tagged code
 * @param rule the one rule by which the linter objects; empty = it has to let it pass
 * @param revealed the simplest schedule that shows the damage
 * @param broken what must be caught
 * @param twin the same, right
 * @param size of the history that the broken one is run with
 */
record Control(
        String name,
        Optional<Rule> rule,
        Revealed revealed,
        StreamingProduct broken,
        StreamingProduct twin,
        Size size) {

    /** A schedule as a counterexample names it. */
    enum Revealed {
        ONCE_MORE("the same once more"),
        ANOTHER_ORDER("another order of arrival, each record done before the next, without a record cache"),
        EVERYTHING_AT_ONCE("everything is there before the start, without a record cache"),
        CACHE("everything is there before the start, with a record cache"),
        REDELIVERY("records are delivered again, each done before the next"),
        COMPACTION("tables are compacted before the start, without a record cache"),
        RESTART("a restart, each record done before the next");

        private final String words;

        Revealed(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static Control seenByLinter(
            String name, Rule rule, Revealed revealed, StreamingProduct broken, StreamingProduct twin) {
        return new Control(name, Optional.of(rule), revealed, broken, twin, Size.USUAL);
    }

    static Control seenByProof(String name, Revealed revealed, StreamingProduct broken, StreamingProduct twin) {
        return new Control(name, Optional.empty(), revealed, broken, twin, Size.USUAL);
    }

    ReplayProof disproof() {
        return size.of(broken);
    }

    ReplayProof proof() {
        return Size.USUAL.of(twin);
    }

    /** How much of a history is run for what is broken. */
    enum Size {
        USUAL(24, 3),
        /** Versioned tables are kept on disk, and opening one in each partition takes its time. */
        SMALL(7, 1);

        private final int records;
        private final int partitions;

        Size(int records, int partitions) {
            this.records = records;
            this.partitions = partitions;
        }

        ReplayProof of(StreamingProduct product) {
            return ReplayProof.of(product)
                    .partitions(partitions)
                    .inputs(random -> Shop.day(product.product().inputs(), records, random));
        }
    }

    Control small() {
        return new Control(name, rule, revealed, broken, twin, Size.SMALL);
    }

    @Override
    public String toString() {
        return name;
    }
}
