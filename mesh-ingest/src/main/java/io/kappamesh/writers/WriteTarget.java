package io.kappamesh.writers;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are written, and how. Immutable.
 *
 * @param port that the records are for
 * @param topic of the port
 * @param partitions that it has
 * @param product whose dead letters take what is refused
 * @param handOver from which event time on rows belong to the live topic; null = none does
 * @param pace how fast, and in what transactions
 * @param log is told of what is done
 */
public record WriteTarget(
        PortAddress port,
        String topic,
        int partitions,
        ProductName product,
        @Nullable Instant handOver,
        Pace pace,
        WriteLog log) {}
