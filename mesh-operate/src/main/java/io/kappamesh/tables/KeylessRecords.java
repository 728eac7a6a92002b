package io.kappamesh.tables;

/** Is told of records that have no key, and so no place in a table. */
@FunctionalInterface
public interface KeylessRecords {
    /** They are an error: every record that a product writes has a key. */
    KeylessRecords REFUSED = (topic, partition, offset) -> {
        throw new IllegalStateException(
                "topic %s partition %d offset %d: the record has no key, so that nothing can be compared with it; every record of a port needs one"
                        .formatted(topic, partition, offset));
    };

    /** In the order of the offsets of a partition. */
    void met(String topic, int partition, long offset);
}
