package io.kappamesh.status;

import java.time.Instant;
import java.util.Optional;

/**
 * What is in the dead-letter topic that a generation writes. An immutable value.
 *
 * @param topic {@code sales.orders.dead-letters}, or its shadow while the generation does not serve
 * @param atMost offsets in it. Each transaction that wrote letters takes one of its own, so that there are fewer letters, but at least one
 *     if this is not 0
 * @param newest the largest timestamp of a letter, which is the event time up to which its partition was read when it was refused; empty =
 *     there is none
 */
public record DeadLetterCount(String topic, long atMost, Optional<Instant> newest) {}
