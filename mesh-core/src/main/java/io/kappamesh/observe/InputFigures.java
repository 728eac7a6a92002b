package io.kappamesh.observe;

import io.kappamesh.Internal;
import java.time.Instant;
import java.util.Optional;

/**
 * How far one instance is with an input, over the partitions of it that it holds. An immutable value.
 *
 * @param topic the input
 * @param lagRecords offsets between what was committed and the end
 * @param ratePerSecond offsets that were committed per second, over half a minute
 * @param lastReadAt when an offset was committed last, to half a second; empty = none since it started
 */
@Internal
public record InputFigures(String topic, long lagRecords, double ratePerSecond, Optional<Instant> lastReadAt) {}
