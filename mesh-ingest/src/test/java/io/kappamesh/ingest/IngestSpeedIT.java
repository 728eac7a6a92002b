package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.archive.Sale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How fast files are ingested, beside a plain idempotent producer with the same settings that sends the same records ready-made. Prints figures; judges
 * the topics and no figure.
 */
@Timeout(900)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class IngestSpeedIT {
    private static final int ROWS = Integer.getInteger("mesh.ingest.rows", 500_000);
    private static final int PASSES = 3;

    @RegisterExtension
    static final IngestLab lab = new IngestLab();

    private interface Work {
        void run() throws Exception;
    }

    @Test
    void ingestedBesideAPlainProducer() throws Exception {
        Path directory = lab.directory("speed");
        List<GenericRecord> rows = new ArrayList<>();
        StringBuilder json = new StringBuilder();
        for (int number = 0; number < ROWS; number++) {
            rows.add(Sale.foreign("s" + number, number * 1000L, (1 + number % 900) * 10_000L + 5_000));
            json.append("{\"saleId\":\"s" + number + "\",\"amount\":" + (1 + number % 900) + ".5,\"at\":\""
                    + java.time.Instant.ofEpochSecond(number) + "\"}\n");
        }
        String csv = IngestLab.csv(0, ROWS, 1);
        Map<String, Path> files = Map.of(
                "csv", Sale.write(directory.resolve("a.csv"), csv),
                "csv-gz", Sale.write(directory.resolve("a.csv.gz"), Sale.gzip(csv)),
                "json", Sale.write(directory.resolve("a.jsonl"), json.toString()),
                "avro",
                        Sale.write(
                                directory.resolve("a.avro"),
                                Sale.container(Sale.FOREIGN, rows, CodecFactory.nullCodec())));
        rows.clear();
        List<ProducerRecord<byte[], byte[]>> ready = new ArrayList<>();
        for (int pass = 1; pass <= PASSES; pass++) {
            Map<String, Double> speeds = new HashMap<>();
            for (Map.Entry<String, Path> file : files.entrySet()) {
                String domain = file.getKey() + pass;
                lab.provision(domain);
                speeds.put(file.getKey(), perSecond(() -> IngestLab.run(lab.ingest(domain, file.getValue()))));
                lab.assertHolds(domain, 0, ROWS);
                if (ready.isEmpty()) {
                    for (ConsumerRecord<byte[], byte[]> record : lab.records(domain)) {
                        ready.add(new ProducerRecord<>(
                                "", record.partition(), record.timestamp(), record.key(), record.value()));
                    }
                }
            }
            String plain = "plain" + pass;
            lab.provision(plain);
            double producer = perSecond(() -> send(plain + ".sales.v1", ready));
            StringBuilder line = new StringBuilder("pass %d: plain producer %,.0f records/s".formatted(pass, producer));
            speeds.forEach((format, speed) ->
                    line.append("; %s %,.0f rows/s = %.2f".formatted(format, speed, speed / producer)));
            System.out.println(line);
        }
    }

    private static double perSecond(Work work) throws Exception {
        long from = System.nanoTime();
        work.run();
        return ROWS * 1e9 / (System.nanoTime() - from);
    }

    private static void send(String topic, List<ProducerRecord<byte[], byte[]>> ready) throws Exception {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                lab.broker().bootstrapServers(),
                "enable.idempotence",
                true,
                "acks",
                "all",
                "linger.ms",
                20,
                "batch.size",
                256 * 1024,
                "compression.type",
                "lz4",
                "buffer.memory",
                64L << 20);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            Future<?> last = null;
            for (ProducerRecord<byte[], byte[]> one : ready) {
                last = producer.send(
                        new ProducerRecord<>(topic, one.partition(), one.timestamp(), one.key(), one.value()));
            }
            producer.flush();
            assertThat(last).isNotNull();
        }
        assertThat(lab.broker().committedEnds(topic).values().stream()
                        .mapToLong(one -> one)
                        .sum())
                .isEqualTo(ROWS);
    }
}
