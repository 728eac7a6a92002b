package io.kappamesh.contract;

import java.util.Locale;

/** How Kafka compresses the batches of a topic. Kafka's own clients read all of them; other clients may lack some. */
public enum Compression {
    /** Not at all. */
    NONE,
    /** Known to every client. */
    GZIP,
    SNAPPY,
    LZ4,
    /** Small, and unknown to clients older than Kafka 2.1 (KIP-110). */
    ZSTD;

    /** As {@code compression.type} of a producer says it. */
    public String ofProducer() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As {@code compression.type} of a topic says it. */
    public String ofTopic() {
        return this == NONE ? "uncompressed" : ofProducer();
    }
}
