package io.kappamesh.feed;

import io.kappamesh.columns.ChildColumns;
import io.kappamesh.columns.CopyText;
import io.kappamesh.columns.UnloadableException;
import io.kappamesh.postgres.Batch;
import io.kappamesh.postgres.DeadRecord;
import io.kappamesh.registry.RegistryUnavailableException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes rows of records. One thread at a time. */
public final class RowMaker {
    private static final char REPLACEMENT = '\uFFFD';

    private final CopyText text = CopyText.rows();
    private PortContract contract;

    public RowMaker(PortContract contract) {
        this.contract = contract;
    }

    public void contract(PortContract now) {
        contract = now;
    }

    /**
     * Adds to a batch what a record makes of its key's row. One that the table cannot hold goes to the dead letters, and its key's row goes: what
     * stood there is not what the topic says any more.
     *
     * @throws RegistryUnavailableException if it cannot be told yet
     */
    public void take(ConsumerRecord<byte[], byte[]> record, Batch into) {
        byte[] keyBytes = record.key();
        String key = keyBytes == null ? null : key(keyBytes);
        if (keyBytes == null || key == null) {
            into.refuse(dead(record, keyBytes == null ? "has no key" : "key is no UTF-8 text without NUL"));
            return;
        }
        byte[] value = record.value();
        if (value == null) {
            into.take(key, deletion(record, keyBytes));
            return;
        }
        String refused = contract.decoder()
                .decode(value)
                .<@Nullable String>fold(
                        decoded -> write(record, key, keyBytes, (IndexedRecord) decoded, into),
                        reason -> reason,
                        (id, cause) -> {
                            throw new RegistryUnavailableException(
                                    "topic " + record.topic() + ": schema id " + id
                                            + " was never seen and the registry does not answer",
                                    cause);
                        });
        if (refused != null) {
            into.refuse(dead(record, refused));
            into.take(key, deletion(record, keyBytes));
        }
    }

    private @Nullable String write(
            ConsumerRecord<byte[], byte[]> record, String key, byte[] keyBytes, IndexedRecord value, Batch into) {
        try {
            begin(record, keyBytes, "f");
            contract.columns().write(value, text);
            text.endRow();
            byte[] line = text.toBytes();
            into.take(key, new Batch.Row(line, elements(keyBytes, value), false, dead(record, "")));
            return null;
        } catch (UnloadableException unloadable) {
            return unloadable.getMessage();
        }
    }

    private List<byte[]> elements(byte[] key, IndexedRecord value) throws UnloadableException {
        List<ChildColumns> children = contract.columns().children();
        if (children.isEmpty()) {
            return List.of();
        }
        List<byte[]> elements = new ArrayList<>(children.size());
        for (ChildColumns child : children) {
            text.clear();
            child.write(key, value, text);
            elements.add(text.toBytes());
        }
        return elements;
    }

    private Batch.Row deletion(ConsumerRecord<byte[], byte[]> record, byte[] key) {
        try {
            begin(record, key, "t");
        } catch (UnloadableException impossible) {
            throw new IllegalStateException(impossible);
        }
        contract.columns().writeNulls(text);
        text.endRow();
        return new Batch.Row(text.toBytes(), List.of(), true, dead(record, ""));
    }

    private void begin(ConsumerRecord<byte[], byte[]> record, byte[] key, String deletes) throws UnloadableException {
        text.clear();
        text.utf8(key, key.length);
        text.nextField();
        text.number(record.partition());
        text.nextField();
        text.number(record.offset());
        text.nextField();
        text.ascii(deletes);
    }

    /** Null = it is no text that PostgreSQL can hold. */
    private static @Nullable String key(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
            return null;
        }
        if (text.indexOf(REPLACEMENT) >= 0) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException noText) {
                return null;
            }
        }
        return text;
    }

    private static DeadRecord dead(ConsumerRecord<byte[], byte[]> record, String reason) {
        return new DeadRecord(record.partition(), record.offset(), record.key(), record.value(), reason);
    }
}
