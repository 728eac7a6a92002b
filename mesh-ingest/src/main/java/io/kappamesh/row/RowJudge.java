package io.kappamesh.row;

import static java.util.Objects.requireNonNull;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.contract.KeyRule;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.intake.Reason;
import io.kappamesh.intake.RecordTrial;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.Codecs;
import io.kappamesh.serde.ValueBytes;
import io.kappamesh.time.EventTime;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of rows: in the port's own format, under the port's key, and tried by the same validation as the intake of a product that reads the
 * port. One thread at a time.
 */
public final class RowJudge<V extends IndexedRecord> {
    private static final byte[] NOTHING = {};

    private final KeyRule<V> key;
    private final EventTime time;
    private final ValueFormat.Encoder<V> encoder;
    private final RecordTrial<V> trial;
    /** The value of the row that is tried. */
    private @Nullable V current;

    /**
     * @param key what the keys of its records are
     * @param schemaId of the port's schema, of no matter to a port with a format of its own
     * @param isTrusted whether values of rows fit the port's schema, whatever the rows are: then the intake gets the value that the row was, and it is
     *     not decoded from its bytes again
     */
    public RowJudge(SourcePort<V> port, KeyRule<V> key, int schemaId, boolean isTrusted) {
        PortContract<V> contract = port.contract();
        this.key = key;
        this.time = contract.eventTime();
        this.encoder = port.format()
                .map(format ->
                        format.encoder(contract.type(), contract.schema()).orElseThrow())
                .orElseGet(() -> new AvroEncoder<>(Codecs.type(contract.type(), contract.schema()), schemaId)::encode);
        this.trial = new RecordTrial<>(
                port.asInput(),
                isTrusted && port.format().isEmpty()
                        ? bytes -> new Decoded.Value<>(requireNonNull(current))
                        : reader(port),
                WriterSchemas.NONE);
    }

    /** Reads what {@link #encoder} writes, as the intake does. */
    private static <V extends IndexedRecord> ValueBytes<V> reader(SourcePort<V> port) {
        PortContract<V> contract = port.contract();
        Optional<ValueFormat.Decoder<V>> own =
                port.format().map(format -> format.decoder(contract.type(), contract.schema()));
        if (own.isPresent()) {
            return bytes -> decoded(own.get().decode(bytes));
        }
        AvroType<V> type = Codecs.type(contract.type(), contract.schema());
        Projection<V> projection = new Projection<>(type, type.schema(), AvroValues.MAX_DEPTH);
        return bytes -> projection.read(bytes, AvroEncoder.HEADER_LENGTH);
    }

    private static <V> Decoded<V> decoded(ValueFormat.Result<V> result) {
        if (result instanceof ValueFormat.Value<V> value) {
            return new Decoded.Value<>(value.value());
        }
        return new Decoded.Refused<>(
                result instanceof ValueFormat.Rejected<V> rejected ? rejected.reason() : "is no value of the port");
    }

    /** Makes a record of a row, or says why it is none. */
    public JudgedRow judge(ArchiveRow<V> row) {
        if (row.result() instanceof ValueFormat.Rejected<V> rejected) {
            return refused(row, Reason.UNDECODABLE, rejected.reason());
        }
        if (!(row.result() instanceof ValueFormat.Value<V> read)) {
            return refused(row, Reason.NULL_VALUE, "the row says nothing, or deletes a key; a fact is expected");
        }
        V value = read.value();
        byte[] bytes;
        byte @Nullable [] keyBytes;
        try {
            bytes = encoder.encode(value);
            @Nullable String text = key.of(value);
            keyBytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        } catch (SerializationException misfit) {
            return refused(row, Reason.UNDECODABLE, String.valueOf(misfit.getMessage()));
        } catch (RuntimeException thrown) {
            return refused(
                    row,
                    Reason.INVALID,
                    "its key or format threw " + thrown.getClass().getName());
        }
        if (keyBytes == null) {
            return refused(row, Reason.KEY, "the record has no " + key.description() + " to be its key");
        }
        long at = at(value);
        current = value;
        Optional<RecordTrial.Refusal> refusal = trial.refusal(keyBytes, bytes, Math.max(0, at));
        return refusal.isPresent()
                ? new JudgedRow(row.number(), row.bytes().get(), null, null, -1, refusal.get(), row.end())
                : new JudgedRow(row.number(), NOTHING, keyBytes, bytes, at, null, row.end());
    }

    /** -1 = rows have none, or it is no time, which the trial says too. */
    private long at(V value) {
        try {
            return time.isInValue() ? time.millis(value) : -1;
        } catch (ArithmeticException | DateTimeException noTime) {
            return -1;
        }
    }

    private JudgedRow refused(ArchiveRow<V> row, Reason reason, String detail) {
        return new JudgedRow(
                row.number(),
                row.bytes().get(),
                null,
                null,
                -1,
                new RecordTrial.Refusal(reason.text(), detail),
                row.end());
    }
}
