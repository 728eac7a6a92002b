package io.kappamesh.generation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * Why a process ended a generation that it ran. Forgotten when a process starts it again.
 *
 * @param generation {@code sales.orders.g2}
 * @param process the client id of its Kafka Streams, with which the client ids of its group members begin; empty = it had none yet
 * @param at when, ISO-8601 in UTC
 * @param exitCode what such a process ends with, as of {@code sysexits.h}
 * @param problems why, one sentence each, without values of records
 */
public record Failure(String generation, String process, String at, int exitCode, List<String> problems) {

    public Failure {
        requireNonNull(generation, "generation");
        requireNonNull(process, "process");
        requireNonNull(at, "at");
        problems = List.copyOf(problems);
    }

    public static Failure of(Generation generation, String process, Instant at, int exitCode, List<String> problems) {
        return new Failure(generation.toString(), process, at.toString(), exitCode, problems);
    }

    /** For a human. */
    public String text() {
        return "failed at " + at + ": " + String.join("; ", problems);
    }
}
