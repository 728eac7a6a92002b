package io.kappamesh.system;

import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.system.Corruption.Bad;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/** Writes the events of one stream with bad records in between, at places that a seed decides. Used by one thread. */
final class SpoiledFeed<V extends SpecificRecord> {
    private static final int PARTITIONS = 4;
    private static final int ROOM_FOR_THE_LARGEST = 4 * 1024 * 1024;

    private final String bootstrapServers;
    private final String topic;
    private final Class<V> type;
    private final AvroEncoder<V> encoder;
    private final List<Corruption<V>> corruptions;
    private final Random random;
    private final long[] newest = {-1, -1, -1, -1};

    SpoiledFeed(
            String bootstrapServers,
            String topic,
            Class<V> type,
            AvroEncoder<V> encoder,
            List<Corruption<V>> corruptions,
            long seed) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.type = type;
        this.encoder = encoder;
        this.corruptions = corruptions;
        this.random = new Random(seed);
    }

    /** A bad record where it was written. */
    record Written(Corruption<?> corruption, ProducerRecord<byte[], byte[]> record, RecordMetadata place) {}

    /** Writes events in the order of their time; returns the bad records when all is acknowledged. */
    List<Written> write(TpchEvents events) throws ExecutionException, InterruptedException {
        List<Corruption<V>> chosen = new ArrayList<>();
        List<ProducerRecord<byte[], byte[]>> bad = new ArrayList<>();
        List<Future<RecordMetadata>> places = new ArrayList<>();
        List<Future<RecordMetadata>> good = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (TpchEvent event : events) {
                Sound<V> sound = sound(event);
                for (Corruption<V> corruption : corruptions) {
                    if (random.nextDouble() < corruption.share()
                            && corruption.possible().test(sound)) {
                        ProducerRecord<byte[], byte[]> record = spoiled(sound, corruption);
                        chosen.add(corruption);
                        bad.add(record);
                        places.add(producer.send(record));
                    }
                }
                good.add(producer.send(
                        new ProducerRecord<>(topic, sound.partition(), sound.timestamp(), sound.key(), sound.value())));
                newest[sound.partition()] = Math.max(newest[sound.partition()], sound.timestamp());
            }
        }
        for (Future<RecordMetadata> place : good) {
            place.get();
        }
        List<Written> written = new ArrayList<>();
        for (int i = 0; i < bad.size(); i++) {
            written.add(new Written(chosen.get(i), bad.get(i), places.get(i).get()));
        }
        return written;
    }

    private Sound<V> sound(TpchEvent event) {
        byte[] key = event.key().getBytes(StandardCharsets.UTF_8);
        int partition = Utils.toPositive(Utils.murmur2(key)) % PARTITIONS;
        V value = type.cast(event.value());
        return new Sound<>(topic, partition, event.timestamp(), newest[partition], key, encoder.encode(value), value);
    }

    private ProducerRecord<byte[], byte[]> spoiled(Sound<V> sound, Corruption<V> corruption) {
        Bad bad = corruption.spoiler().spoil(sound, random);
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", corruption.name().getBytes(StandardCharsets.UTF_8));
        headers.add("trace", new byte[] {0, (byte) 0xFF});
        headers.add("empty", null);
        if (random.nextBoolean()) {
            // As on a record that was a dead letter before, and is written once more.
            headers.add("__streams.errors.topic", "elsewhere".getBytes(StandardCharsets.UTF_8));
        }
        return new ProducerRecord<>(
                sound.topic(),
                sound.partition(),
                sound.timestamp() + random.nextInt(1000),
                bad.key(),
                bad.value(),
                headers);
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        10,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        ROOM_FOR_THE_LARGEST,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
