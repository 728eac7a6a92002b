package org.apache.kafka.common.utils;

import org.jspecify.annotations.NullMarked;

/** Stands where Debezium 3.6, which was built with Kafka 4.3, looks for what Kafka 4.4 has moved. */
@NullMarked
public final class Sanitizer {
    private Sanitizer() {}

    /** A name as JMX takes it. */
    public static String jmxSanitize(String name) {
        return org.apache.kafka.common.utils.internals.Sanitizer.jmxSanitize(name);
    }
}
