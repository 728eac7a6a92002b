package io.kappamesh.exchange;

import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.compare.Corrections;
import io.kappamesh.compare.Difference;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.Progress;
import io.kappamesh.tables.Before;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.LatestRecords;
import io.kappamesh.tables.PairVisitor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics that a generation will write once it does not serve any more: makes them say what the public topics say. One thread.
 *
 * <p>Keys that are copied after {@link #mark}, at leisure and with the exchange, have a record behind the marks in the shadow, and mostly in the public topic too, for they
 * were written or are corrected. So all that may differ later stands there, and whoever goes back need not read what is before.
 */
final class FormerShadows {
    private static final int COPIED_AT_ONCE = 10_000;

    private final Admin admin;
    private final GenerationPair pair;
    private final LatestRecords records;
    private final ControlWriter writer;
    private final Progress progress;
    private final Map<String, Map<Integer, Long>> marks = new HashMap<>();

    FormerShadows(Admin admin, GenerationPair pair, LatestRecords records, ControlWriter writer, Progress progress) {
        this.admin = admin;
        this.pair = pair;
        this.records = records;
        this.writer = writer;
        this.progress = progress;
    }

    /** Copies all that differs, at leisure: what is written meanwhile is copied later. */
    void fill() throws ExecutionException, InterruptedException {
        readOn(pair.removedTopics());
        readOn(pair.formerShadows());
        progress.step("fill " + pair.formerShadows());
        copyAtLeisure(KeyScope.ALL, (port, sink) -> Corrections.copy(pair.formerShadow(port), sink));
        readOn(pair.formerShadows());
    }

    /** They say already what the public topics said at the offsets at which the reading of those begins. */
    void resume() throws ExecutionException, InterruptedException {
        committedEnds(pair.formerShadows())
                .forEach((shadow, offsets) -> records.begin(shadow, offsets, Before.NOTHING));
    }

    /** They say by now what was read of the public topics, and more that differs is copied behind the marks that this sets. */
    void mark() {
        Stream.concat(pair.serving().outputs().stream(), pair.formerShadows().stream())
                .forEach(topic -> marks.put(topic, records.reached(topic)));
    }

    /** Reads and copies what was written meanwhile, at leisure. */
    void copyTouched() throws ExecutionException, InterruptedException {
        readOn(pair.removedTopics());
        copyAtLeisure(KeyScope.TOUCHED, this::since);
        readOn(pair.formerShadows());
    }

    /** Reads what they have by now. */
    void readOn() throws ExecutionException, InterruptedException {
        readOn(pair.formerShadows());
    }

    /** Copies the rest. */
    void copyTouched(Consumer<ProducerRecord<byte[], byte[]>> sink) {
        copy(KeyScope.TOUCHED, this::since, sink);
    }

    /** A key of which the public topic has no record at all, and that is told one now. */
    void copyAbsence(PortAddress port, Difference difference, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        if (difference.serving() == null && pair.servedPorts().contains(port)) {
            sink.accept(Corrections.absence(pair.formerShadow(port), difference));
        }
    }

    /** Behind which everything stands that may differ later, in them and in the public topics. */
    Map<TopicPartition, Long> marks() {
        Map<TopicPartition, Long> all = new HashMap<>();
        marks.forEach((topic, offsets) ->
                offsets.forEach((partition, offset) -> all.put(new TopicPartition(topic, partition), offset)));
        return all;
    }

    private interface Copies {
        PairVisitor of(PortAddress port, Consumer<ProducerRecord<byte[], byte[]>> sink);
    }

    private PairVisitor since(PortAddress port, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        String shadow = pair.formerShadow(port);
        return Corrections.copySince(shadow, marks.getOrDefault(shadow, Map.of()), sink);
    }

    private void copyAtLeisure(KeyScope scope, Copies copies) {
        List<ProducerRecord<byte[], byte[]>> some = new ArrayList<>();
        copy(scope, copies, record -> {
            some.add(record);
            if (some.size() >= COPIED_AT_ONCE) {
                write(some);
            }
        });
        write(some);
    }

    private void write(List<ProducerRecord<byte[], byte[]>> some) {
        if (!some.isEmpty()) {
            writer.write(sink -> some.forEach(sink));
            some.clear();
        }
    }

    private void copy(KeyScope scope, Copies copies, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        for (PortAddress port : pair.servedPorts()) {
            records.forEachPair(port.topic(), pair.formerShadow(port), scope, copies.of(port, sink));
        }
    }

    /** Reads what is committed by now. */
    private void readOn(List<String> topics) throws ExecutionException, InterruptedException {
        Map<String, Map<Integer, Long>> now = committedEnds(topics);
        for (String topic : topics) {
            records.read(topic, now.getOrDefault(topic, Map.of()), progress::progress);
        }
    }

    private Map<String, Map<Integer, Long>> committedEnds(List<String> topics)
            throws ExecutionException, InterruptedException {
        Map<String, Map<Integer, Long>> committed = new HashMap<>();
        TopicEnds.committed(admin, topics)
                .forEach((partition, end) -> committed
                        .computeIfAbsent(partition.topic(), first -> new HashMap<>())
                        .put(partition.partition(), end));
        return committed;
    }
}
