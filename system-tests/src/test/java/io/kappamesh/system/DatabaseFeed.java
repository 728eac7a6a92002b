package io.kappamesh.system;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;

/**
 * Writes the changes of a database to Kafka, as a connector of Debezium in Kafka Connect does: its engine runs here, converters make the bytes, and the
 * position in the database is kept in a file. Once closed, another one with the same settings goes on where it stood.
 */
final class DatabaseFeed implements AutoCloseable {
    private static final long TO_STOP_SECONDS = 30;

    private final Producer<byte[], byte[]> producer;
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private volatile String failure = "";

    /**
     * Starts it.
     *
     * @param connector settings of the connector, its {@code name} among them
     * @param offsets the file of its position
     */
    DatabaseFeed(
            String bootstrapServers, Map<String, String> connector, Path offsets, Converter keys, Converter values) {
        Properties settings = new Properties();
        settings.putAll(connector);
        settings.put("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
        settings.put("offset.storage.file.filename", offsets.toString());
        settings.put("offset.flush.interval.ms", "0");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
        engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings)
                .using((isSuccess, message, error) -> failure = isSuccess ? "" : message + ": " + error)
                .notifying((records, committer) -> {
                    List<Future<RecordMetadata>> written = new ArrayList<>();
                    for (RecordChangeEvent<SourceRecord> event : records) {
                        SourceRecord record = event.record();
                        written.add(producer.send(new ProducerRecord<>(
                                record.topic(),
                                keys.fromConnectData(record.topic(), record.keySchema(), record.key()),
                                values.fromConnectData(record.topic(), record.valueSchema(), record.value()))));
                    }
                    for (int i = 0; i < records.size(); i++) {
                        try {
                            written.get(i).get();
                        } catch (ExecutionException refused) {
                            throw new IllegalStateException("a change cannot be written", refused);
                        }
                        committer.markProcessed(records.get(i));
                    }
                    committer.markBatchFinished();
                })
                .build();
        thread.execute(engine);
    }

    /** Why it ended by itself; empty = it did not. */
    String failure() {
        return failure;
    }

    @Override
    public void close() {
        try {
            engine.close();
            thread.shutdown();
            if (!thread.awaitTermination(TO_STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Debezium does not stop");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Debezium stops", stop);
        } finally {
            thread.shutdownNow();
            producer.close();
        }
    }
}
