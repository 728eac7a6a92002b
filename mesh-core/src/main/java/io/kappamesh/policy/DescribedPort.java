package io.kappamesh.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A port that a product publishes. An immutable value.
 *
 * @param address {@code sales.orders.v1}
 * @param table whether it is a table, and not events
 * @param description blank = nobody has written it
 * @param key the field that is the key; empty = another function of the value, or nothing is said
 * @param eventTime the field with the event time; empty = none
 * @param freshness how far it may be behind its inputs; empty = it is not known
 * @param retention for how long records are kept, in event time; empty = forever, or it is not known
 * @param lookBack how far before a value's event time the records lie that decide about it; empty = there is no limit
 * @param fields each before what is inside of it
 */
public record DescribedPort(
        String address,
        boolean table,
        String description,
        Optional<String> key,
        Optional<String> eventTime,
        Optional<Duration> freshness,
        Optional<Duration> retention,
        Optional<Duration> lookBack,
        List<DescribedField> fields) {
    public DescribedPort {
        fields = List.copyOf(fields);
    }
}
