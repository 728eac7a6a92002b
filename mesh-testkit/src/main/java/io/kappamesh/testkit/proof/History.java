package io.kappamesh.testkit.proof;

import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.ReadablePort;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What came in at a product's input ports, in the order in which it came: what a {@link ReplayProof} runs again and again. A record
 * goes to the partition that its key has in Kafka, unless {@link #inPartition} says otherwise. Not thread-safe.
 */
public final class History {
    private final List<Input> inputs = new ArrayList<>();

    /** A history in which nothing has happened yet. */
    public static History empty() {
        return new History();
    }

    private History() {}

    /** A fact or a row came, written with its own schema; its timestamp is its event time, or that of the record before it if it has none. */
    public History put(ReadablePort<?> port, String key, IndexedRecord value) {
        return put(port, key, value, value.getSchema());
    }

    /** A value came that its owner wrote with a schema of the owner's. */
    public History put(ReadablePort<?> port, String key, IndexedRecord value, Schema writer) {
        return add(new Input(
                inputs.size() + 1,
                port.asInput(),
                utf8(key),
                new Input.Written(value, writer),
                eventTime(port.asInput(), value, writer),
                Around.meant(port.asInput())));
    }

    /** A key was deleted or retracted at this time. */
    public History delete(ReadablePort<?> port, String key, Instant at) {
        return raw(port, utf8(key), null, at);
    }

    /** Anything at all came, byte for byte. */
    public History raw(ReadablePort<?> port, byte @Nullable [] key, byte @Nullable [] value, Instant at) {
        return add(new Input(
                inputs.size() + 1,
                port.asInput(),
                key,
                new Input.Raw(value),
                at.toEpochMilli(),
                Around.anything(port.asInput())));
    }

    /**
     * The last record came in this partition, whatever its key. Counted from 0; of a smaller topic, the remainder.
     *
     * @throws IllegalStateException when nothing came yet
     */
    public History inPartition(int partition) {
        Input last = removeLast();
        return add(last.with(last.around().inPartition(partition)));
    }

    /**
     * The last record came in this topic, of several that its port reads; without a word it came in the first of them.
     *
     * @throws IllegalStateException when nothing came yet
     * @throws IllegalArgumentException when the port reads no such topic
     */
    public History inTopic(String topic) {
        Input last = removeLast();
        if (!last.port().topics().contains(topic)) {
            throw new IllegalArgumentException("port " + last.port().address() + " reads no topic " + topic);
        }
        return add(last.with(last.around().inTopic(topic)));
    }

    /**
     * The last record came with this header. What is {@linkplain #put put} has those by which its port knows its records.
     *
     * @throws IllegalStateException when nothing came yet
     */
    public History withHeader(String name, String value) {
        Input last = removeLast();
        return add(last.with(last.around().withHeader(name, value)));
    }

    private Input removeLast() {
        if (inputs.isEmpty()) {
            throw new IllegalStateException("a history without records has none to change; put(…) one first");
        }
        return inputs.remove(inputs.size() - 1);
    }

    List<Input> inputs() {
        return List.copyOf(inputs);
    }

    private History add(Input input) {
        inputs.add(input);
        return this;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A time that no topic can carry stands in the value only: the intake is to see it. */
    private long eventTime(InputPort<?> port, IndexedRecord value, Schema writer) {
        Optional<String> field = port.eventTime().field();
        if (field.isEmpty()) {
            return inputs.isEmpty() ? 0 : inputs.get(inputs.size() - 1).timestamp();
        }
        try {
            return Math.max(0, port.eventTime().of(writer).millis(value));
        } catch (ArithmeticException | DateTimeException none) {
            return 0;
        }
    }
}
