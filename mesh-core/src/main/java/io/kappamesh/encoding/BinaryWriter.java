package io.kappamesh.encoding;

import io.kappamesh.Internal;
import io.kappamesh.avro.AvroType;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.io.DatumWriter;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** A header and a value's Avro binary. Thread-safe: each thread has its own buffer. */
@Internal
public final class BinaryWriter<T> {

    /** The end of Avro's messages that says where; what stands before may hold a value. */
    private static final Pattern PLACE = Pattern.compile("(?: at | in field |\\(field=)([\\w.$]+)[^ ]*$");

    private final String name;
    private final @Nullable ValueWriter plan;
    private final DatumWriter<T> writer;
    private final byte[] header;
    private final ThreadLocal<BytesEncoder> buffers = ThreadLocal.withInitial(BytesEncoder::new);

    public BinaryWriter(AvroType<T> type, byte[] header) {
        this.name = type.schema().getFullName();
        this.plan = ValueWriters.of(type.schema(), type.data());
        this.writer = type.writer();
        this.header = header;
    }

    public byte[] write(T value) {
        BytesEncoder out = buffers.get();
        out.startWith(header);
        if (plan != null && isWritten(plan, value, out)) {
            return out.toByteArray();
        }
        out.startWith(header);
        try {
            writer.write(value, out);
        } catch (IOException | RuntimeException e) {
            throw misfit(e);
        }
        return out.toByteArray();
    }

    private static boolean isWritten(ValueWriter plan, Object value, BytesEncoder out) {
        try {
            return plan.write(value, out);
        } catch (IOException | RuntimeException unlikeItsSchema) {
            return false; // and Avro's own writer says why
        }
    }

    /** Without the cause, whose message may hold a value of the record, but with its stack trace. */
    private SerializationException misfit(Exception e) {
        String message = String.valueOf(e.getMessage());
        String what = e instanceof NullPointerException
                ? "a null where none may be"
                : e.getClass().getSimpleName();
        if (message.startsWith("Cannot encode decimal")) {
            what = "a decimal with more digits or another scale than its schema allows";
        }
        Matcher place = PLACE.matcher(message);
        SerializationException misfit = new SerializationException("value does not fit its schema %s: %s%s"
                .formatted(name, what, place.find() ? " at " + place.group(1) : ""));
        misfit.setStackTrace(e.getStackTrace());
        return misfit;
    }
}
