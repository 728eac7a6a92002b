package io.kappamesh.lint;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A rule that keeps a replay equal to live. Its id is stable: exemptions name it. */
public enum Rule {
    /** A stream that is joined with a table which is not asked as of the event's time, or which can still be corrected. */
    STREAM_TABLE_JOIN(
            "stream-table-join",
            "what was joined with a row is not joined again, and a replay meets the rows in another order",
            "join table with table, or read an events port and join as of the event's time with ports.asOf(…)"),
    /** A port that its owner may correct, read in a way that does not follow corrections: as a stream of facts that are final. */
    CORRECTED_INPUT(
            "corrected-input",
            "a correction comes after everything else in the log, live and in a replay, and a retraction does not say what to take"
                    + " back, so what follows from the former value would stay",
            "read the port as a table, and join, group and aggregate that, or derive rows from its changes; stream(), ports.asOf(…),"
                    + " distinct(…), latest(…) and earliest(…) are for private event sources"),
    /** A GlobalKTable or a global store. */
    GLOBAL_TABLE(
            "global-table",
            "it is filled outside the order of the log, so a replay reads rows of the future from it",
            "read an input port as a table, with as many partitions, and join table with table"),
    /** A punctuation by the wall clock. */
    WALL_CLOCK_PUNCTUATION(
            "wall-clock-punctuation",
            "it fires between other records in a replay, which reads years in a minute",
            "compute from each record as it comes"),
    /** A punctuation by stream time. */
    STREAM_TIME_PUNCTUATION(
            "stream-time-punctuation",
            "stream time advances by whichever partition is read first, so it fires between other records in every replay",
            "compute from each record as it comes"),
    /** A store, changelog or repartition topic with a generated name. */
    UNNAMED_STATE(
            "unnamed-state",
            "state is found by its name, and a generated name moves with every change of the topology",
            "name it with ports.store(…), ports.grouped(…), Repartitioned.as(…), StreamJoined.as(…).withStoreName(…) or"
                    + " Joined.as(…)"),
    /** A window, or a join of streams, that drops what comes after its grace. */
    CLOSING_WINDOW(
            "closing-window",
            "what is later than the grace is dropped by stream time, which depends on how partitions interleave and begins anew"
                    + " with a restart",
            "use ports.windows(…), whose windows stay open, and judge lateness at the input port with allowingLateness(…)"),
    /** A result that is emitted once, when stream time has passed. */
    EMIT_ON_CLOSE(
            "emit-on-close",
            "it is emitted when stream time has passed, and what comes after that is lost for it",
            "publish the running result to a table port; a later value replaces the earlier one"),
    /** {@code max.task.idle.ms} of -1. */
    TASK_IDLE(
            "task-idle",
            "a task takes whichever input has a record, without looking whether another one has an earlier one to offer",
            "leave max.task.idle.ms at 0, or more"),
    /** A question to the clock. */
    CLOCK("clock", "a replay sees another time than live processing did", "use the event's own time field"),
    /** A question to stream time. */
    STREAM_TIME(
            "stream-time",
            "it is the latest time of all the partitions that a task has read so far, which depends on how they interleave",
            "use the event's own time field; what has to be remembered belongs in a store"),
    /** Chance, seeded or not. */
    RANDOMNESS(
            "randomness",
            "it answers differently the second time; with a seed, as soon as records come in another order",
            "derive ids and samples from the record's key"),
    /** Files, networks, databases, processes and clients of Kafka. */
    INPUT_OUTPUT(
            "input-output",
            "what is outside has changed since, and what is sent there is sent again",
            "make what you need an input port, and what you tell an output port"),
    /** What differs from machine to machine. */
    ENVIRONMENT(
            "environment",
            "another process, on another machine, answers differently",
            "write the value into the code: a zone, a locale, a charset, a constant"),
    /** Threads, executors, parallel streams and sleeping. */
    THREADS(
            "threads",
            "threads finish in any order, and outside of the transaction",
            "compute in the thread that calls; Kafka Streams runs tasks in parallel by partition"),
    /** Hash codes that stand for an address in memory. */
    IDENTITY_HASH(
            "identity-hash",
            "it is another number in every process",
            "use the value's own fields: a key, an ordinal, a digest"),
    /** State in static fields. */
    STATIC_STATE(
            "static-state",
            "it is neither restored after a restart nor begun anew by a replay, and all tasks share it",
            "keep it in a named store"),
    /** A wiring whose class file cannot be read, so that nothing of its code is judged. */
    UNSEEN_CODE(
            "unseen-code",
            "code that cannot be looked at may ask a clock or another system",
            "load it from a directory or a jar, where its class loader finds class files as resources"),
    /** An exemption that exempts nothing. It cannot be exempted. */
    EXEMPTION("exemption", "it hides from its reader what is deliberate", "take it out, or correct it");

    private final String id;
    private final String why;
    private final String instead;

    Rule(String id, String why, String instead) {
        this.id = id;
        this.why = why;
        this.instead = instead;
    }

    /** As exemptions and findings name it: {@code stream-table-join}. */
    public String id() {
        return id;
    }

    /** Why what it objects to breaks a replay. */
    public String why() {
        return why;
    }

    /** What to write in its place. */
    public String instead() {
        return instead;
    }

    /** The rule of an id; empty = there is none that could be exempted. */
    static Optional<Rule> exemptible(String id) {
        return Arrays.stream(values())
                .filter(rule -> rule != EXEMPTION && rule.id.equals(id))
                .findFirst();
    }

    /** The ids of all rules that can be exempted. */
    static List<String> exemptibleIds() {
        return Arrays.stream(values())
                .filter(rule -> rule != EXEMPTION)
                .map(Rule::id)
                .toList();
    }
}
