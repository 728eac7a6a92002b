package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.IngestTopic;
import io.kappamesh.position.RowCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts the committed records of a port, on from where it counted last, and compares them with the positions beside them. For one thread. */
final class IngestedCounts implements AutoCloseable {
    private final IngestLab lab;
    private final PortAddress port;
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final long[] counted = new long[IngestLab.PARTITIONS];

    IngestedCounts(IngestLab lab, String domain) throws Exception {
        this.lab = lab;
        this.port = PortAddress.of(domain + ".sales.v1");
        this.partitions = IntStream.range(0, IngestLab.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(port.toString(), partition))
                .toList();
        IngestTopic.ensure(lab.broker().admin(), port);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        lab.broker().bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(partitions);
    }

    /** Whether whoever ingested last has left a transaction that is neither committed nor taken back. */
    boolean isTransactionOpen() {
        return IntStream.range(0, IngestLab.PARTITIONS).anyMatch(writer -> state(writer) == TransactionState.ONGOING);
    }

    private TransactionState state(int writer) {
        String id = IngestTopic.id(port, writer);
        try {
            return lab.broker()
                    .admin()
                    .describeTransactions(List.of(id))
                    .description(id)
                    .get()
                    .state();
        } catch (java.util.concurrent.ExecutionException failed) {
            assertThat(failed).cause().isInstanceOf(TransactionalIdNotFoundException.class);
            return TransactionState.EMPTY;
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /** Takes back what writers of an ingest that is dead have left open; of one writer nothing has to be. */
    void takeBack(int writers) throws Exception {
        if (writers > 1) {
            lab.broker()
                    .admin()
                    .fenceProducers(IntStream.range(0, writers)
                            .mapToObj(writer -> IngestTopic.id(port, writer))
                            .toList())
                    .all()
                    .get();
        }
    }

    /** By partition: the same numbers, and nothing but numbers that were committed together. What was being committed is waited for. */
    void assertPositionsSayWhatTheTopicHas() {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            List<Long> stated = stated();
            assertThat(count()).isEqualTo(stated);
        });
    }

    /** By partition. */
    List<Long> counted() {
        List<Long> all = new ArrayList<>();
        for (long one : counted) {
            all.add(one);
        }
        return all;
    }

    private List<Long> count() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                counted[record.partition()]++;
            }
        }
        return counted();
    }

    private List<Long> stated() throws Exception {
        return IngestTopic.seen(
                        lab.broker().admin(),
                        port,
                        Map.of("bootstrap.servers", lab.broker().bootstrapServers()))
                .positions()
                .values()
                .stream()
                .map(IngestPosition::counts)
                .reduce(RowCounts.none(IngestLab.PARTITIONS), RowCounts::plus)
                .partitions();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
