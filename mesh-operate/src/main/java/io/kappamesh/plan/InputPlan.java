package io.kappamesh.plan;

import java.util.OptionalLong;

/**
 * What a replay reads of one input.
 *
 * @param topic {@code sales.order-events.v1}
 * @param partitions how many
 * @param missing offsets below the first one that is kept, over all partitions: deleted by retention, or never there
 * @param end where what is committed ends, over all partitions
 * @param records offsets to read: at most so many records; compaction and markers of transactions make them fewer
 * @param bytes that one replica of it takes on disk; empty = brokers do not tell
 */
public record InputPlan(String topic, int partitions, long missing, long end, long records, OptionalLong bytes) {}
