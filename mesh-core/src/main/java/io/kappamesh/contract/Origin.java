package io.kappamesh.contract;

import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * In what a source differs from published ports.
 *
 * @param topics the names of topics that exist already; empty = the port's address, and the domain makes it
 * @param values how values are written; empty = Avro in the Confluent wire format
 * @param keys how keys are written; empty = text in UTF-8
 * @param keyedByValue whether a fact's key follows from its value, whatever the record's own key is
 * @param filter which records of the topic are meant
 * @param furthestAhead how far an event's time may lie ahead of its record's timestamp; empty = any
 */
record Origin(
        List<String> topics,
        Optional<ValueFormat> values,
        Optional<KeyFormat> keys,
        boolean keyedByValue,
        RecordFilter filter,
        Optional<Duration> furthestAhead) {

    Origin withKeysInValues() {
        return new Origin(topics, values, keys, true, filter, furthestAhead);
    }

    Origin with(RecordFilter chosen) {
        return new Origin(topics, values, keys, keyedByValue, chosen, furthestAhead);
    }
}
