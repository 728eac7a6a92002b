package io.kappamesh.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * What a product reads. An immutable value.
 *
 * @param address of the port
 * @param table whether it is a table, which keeps the latest record of each key
 * @param retention for how long its records are kept; empty = forever, or it is not known
 */
public record DescribedInput(String address, boolean table, Optional<Duration> retention) {}
