package io.kappamesh.contract;

import java.time.Duration;
import java.util.Optional;

/**
 * In what a source differs from published ports.
 *
 * @param topic the name of a topic that exists already; empty = the port's address, and the domain makes it
 * @param values how values are written; empty = Avro in the Confluent wire format
 * @param keys how keys are written; empty = text in UTF-8
 * @param furthestAhead how far an event's time may lie ahead of its record's timestamp; empty = any
 */
record Origin(
        Optional<String> topic,
        Optional<ValueFormat> values,
        Optional<KeyFormat> keys,
        Optional<Duration> furthestAhead) {}
